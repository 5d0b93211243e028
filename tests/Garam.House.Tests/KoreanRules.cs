using Garam.Console.Languages;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Garam.House.Tests;

/// <summary>Sentences that are written in English where they arise, and that a page of the console can show: each has its Korean in <see cref="KoreanSentences"/>.</summary>
public sealed class KoreanRules
{
    /// <summary>Exceptions whose message a page shows, with the place of the message among the arguments.</summary>
    private static readonly Dictionary<string, int> Exceptions = new() { ["OperationException"] = 1, ["QuerySyntaxException"] = 1, ["FormatException"] = 0 };

    [Fact]
    public void Every_message_that_a_Korean_page_can_show_is_there_in_Korean()
    {
        var sentences = House.Sources.Select(file => (File: House.Relative(file), Messages: MessagesOf(House.Relative(file)))).SelectMany(file => file.Messages.Select(message => (file.File, message))).ToList();
        sentences.Count.ShouldBeGreaterThan(100, "the search still finds the messages");
        sentences.Where(sentence => KoreanSentences.Of(sentence.message) is null).Select(sentence => $"{sentence.File}: {sentence.message}").Distinct()
            .ShouldBeEmpty("add the sentence to KoreanSentences.Table.cs; {x} stands for what differs");
    }

    private static IEnumerable<string> MessagesOf(string file)
    {
        var project = file.Split('/')[1];
        var shown = project switch
        {
            // Programs read the answers of the API: those are English.
            "Garam.Console" when file.EndsWith("Api.cs", StringComparison.Ordinal) || file.EndsWith("ConsoleJson.cs", StringComparison.Ordinal) => null,
            "Garam.Operations" or "Garam.Console" => (Func<SyntaxNode, ExpressionSyntax?>)OfException,
            "Garam.Broker" => OfReport,
            "Garam.Messaging" or "Garam.Outbox" or "Garam.Background" => OfHealth,
            _ => null,
        };
        return shown is null ? [] : CSharpSyntaxTree.ParseText(File.ReadAllText(Path.Combine(House.Root, file))).GetRoot().DescendantNodes()
            .Select(shown).OfType<ExpressionSyntax>().SelectMany(Whole).Where(text => text.Any(char.IsWhiteSpace));
    }

    private static ExpressionSyntax? OfException(SyntaxNode node) => node switch
    {
        ObjectCreationExpressionSyntax { Type: IdentifierNameSyntax type, ArgumentList.Arguments: var arguments } when Exceptions.TryGetValue(type.Identifier.Text, out var at) && arguments.Count > at => arguments[at].Expression,
        ImplicitObjectCreationExpressionSyntax { ArgumentList.Arguments: [var kind, var message, ..] } when kind.ToString().StartsWith("FailureKind.", StringComparison.Ordinal) => message.Expression,
        _ => null,
    };

    private static ExpressionSyntax? OfReport(SyntaxNode node) =>
        node is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.Text: "Report" }, ArgumentList.Arguments: [_, var message] } ? message.Expression : null;

    private static ExpressionSyntax? OfHealth(SyntaxNode node) => node switch
    {
        InvocationExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.Text: "Degraded" }, ArgumentList.Arguments: [var message] } => message.Expression,
        ObjectCreationExpressionSyntax { Type: IdentifierNameSyntax { Identifier.Text: "MessagingProblem" }, ArgumentList.Arguments: [_, _, var message] } => message.Expression,
        ImplicitObjectCreationExpressionSyntax { ArgumentList.Arguments: [var severity, _, var message] } when severity.ToString().StartsWith("ProblemSeverity.", StringComparison.Ordinal) => message.Expression,
        TupleExpressionSyntax { Arguments: [var activity, var message] } when activity.ToString().StartsWith("PartitionActivity.", StringComparison.Ordinal) => message.Expression,
        YieldStatementSyntax { Expression: InterpolatedStringExpressionSyntax or BinaryExpressionSyntax or ConditionalExpressionSyntax } yielded when yielded.SyntaxTree.ToString().Contains("class OutboxStatus", StringComparison.Ordinal) => yielded.Expression,
        PropertyDeclarationSyntax { Identifier.Text: "Message", ExpressionBody.Expression: ConditionalExpressionSyntax message } => message,
        _ => null,
    };

    // What is not written here (a message of Kafka's, a parameter) is somebody else's sentence.
    private static IEnumerable<string> Whole(ExpressionSyntax expression) => expression is IdentifierNameSyntax name && Local(name) is { } local ? Whole(local) : Texts(expression) ?? [];

    private static ExpressionSyntax? Local(IdentifierNameSyntax name) => name.FirstAncestorOrSelf<MemberDeclarationSyntax>()?.DescendantNodes().OfType<VariableDeclaratorSyntax>()
        .LastOrDefault(variable => variable.Identifier.Text == name.Identifier.Text && variable.SpanStart < name.SpanStart)?.Initializer?.Value;

    /// <summary>Everything that an expression may say, with {x} for what differs; null: it is not a text.</summary>
    private static IEnumerable<string>? Texts(ExpressionSyntax expression) => expression switch
    {
        LiteralExpressionSyntax literal when literal.IsKind(SyntaxKind.StringLiteralExpression) => [literal.Token.ValueText],
        InterpolatedStringExpressionSyntax text => text.Contents.Aggregate((IEnumerable<string>)[""], (made, part) => Concat(made, TextsOf(part))),
        BinaryExpressionSyntax sum when sum.IsKind(SyntaxKind.AddExpression) => Concat(Texts(sum.Left) ?? ["{x}"], Texts(sum.Right) ?? ["{x}"]),
        ParenthesizedExpressionSyntax inner => Texts(inner.Expression),
        ConditionalExpressionSyntax choice => (Texts(choice.WhenTrue) ?? []).Concat(Texts(choice.WhenFalse) ?? []),
        SwitchExpressionSyntax choice => choice.Arms.SelectMany(arm => Texts(arm.Expression) ?? []),
        _ => null,
    };

    private static IEnumerable<string> TextsOf(InterpolatedStringContentSyntax part) => part switch
    {
        InterpolatedStringTextSyntax text => [text.TextToken.ValueText],
        InterpolationSyntax { Expression: ParenthesizedExpressionSyntax { Expression: ConditionalExpressionSyntax choice } } when Texts(choice) is { } texts && texts.Any() => texts,
        InterpolationSyntax { Expression: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.Text: "Words" } } words } call } =>
            Counted(words.Name.Identifier.Text, call.ArgumentList.Arguments),
        _ => ["{x}"],
    };

    // Words.Count(n, "letter", "letters") and Words.Of(n, "letter", "letters").
    private static IEnumerable<string> Counted(string method, SeparatedSyntaxList<ArgumentSyntax> arguments)
    {
        var words = arguments.Skip(1).SelectMany(argument => Texts(argument.Expression) ?? ["{x}"]).ToList();
        return words is [var one] ? [Number(method) + one, Number(method) + one + "s"] : words is [] ? ["{x}"] : words.Select(word => Number(method) + word);
    }

    private static string Number(string method) => method == "Count" ? "{x} " : "";

    private static IEnumerable<string> Concat(IEnumerable<string> left, IEnumerable<string> right) => left.SelectMany(text => right.Select(more => text + more)).ToList();
}
