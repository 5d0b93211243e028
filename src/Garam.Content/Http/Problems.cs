using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Garam.Content.Http;

/// <summary>Errors as RFC 9457 problem details that name the field and the fix.</summary>
internal static class Problems
{
    /// <summary>400: <paramref name="errors"/> says what is wrong, by field.</summary>
    public static ValidationProblem Invalid(Dictionary<string, string[]> errors) => TypedResults.ValidationProblem(
        errors,
        detail: string.Join(" ", errors.Select(error => $"{error.Key} {string.Join(" ", error.Value)}")),
        title: "The request cannot be used as it is.");

    /// <summary>400 about one field.</summary>
    public static ValidationProblem Invalid(string field, string error) => Invalid(new Dictionary<string, string[]> { [field] = [error] });

    /// <summary>404: <paramref name="detail"/> says what there is not, and where to look.</summary>
    public static ProblemHttpResult NotFound(string detail) => TypedResults.Problem(
        detail, statusCode: StatusCodes.Status404NotFound, title: "Not found.");
}
