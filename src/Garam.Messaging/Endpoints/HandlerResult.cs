using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Garam.Messaging.Endpoints;

/// <summary>What a handler is declared to return: when its record is done. <see cref="ReturnedWork"/> looks at what it does return.</summary>
internal static class HandlerResult
{
    /// <summary>Null when the end of the handler can be awaited.</summary>
    public static string? Error(Delegate handler)
    {
        var method = handler.Method;
        if (!handler.HasSingleTarget)
        {
            return "the handler is several delegates in one, of which only the last one's result is seen. Map one handler that calls them.";
        }

        if (method.ReturnType == typeof(void) && method.IsDefined(typeof(AsyncStateMachineAttribute)))
        {
            return "the handler is 'async void', so the end of its work cannot be awaited. Return Task.";
        }

        if (method.IsDefined(typeof(IteratorStateMachineAttribute)))
        {
            return "the handler is an iterator ('yield return'), whose code would never run. Return nothing, Task or ValueTask.";
        }

        return ResultTypes.Refusal(method.ReturnType) is { } refusal ? $"the handler returns {refusal}" : null;
    }

    /// <summary>A result that is not a task is not used: <c>async order => await billing.Charge(order)</c> returns whatever Charge does.</summary>
    public static Expression AsValueTask(Expression call) => call.Type switch
    {
        var type when type == typeof(ValueTask) => End(nameof(ReturnedWork.EndOfValueTask), call),
        { IsValueType: true } type when ResultTypes.ResultOf(type) is not null => End(nameof(ReturnedWork.EndOfTask), Expression.Call(call, nameof(ValueTask<>.AsTask), null)),
        var type when type.IsAssignableTo(typeof(Task)) => End(nameof(ReturnedWork.EndOfTask), call),
        var type when ResultTypes.MayBeWork(type) => End(nameof(ReturnedWork.EndOfObject), Expression.Convert(call, typeof(object))),
        _ => Expression.Block(call, Expression.Default(typeof(ValueTask))),
    };

    private static MethodCallExpression End(string method, Expression result) => Expression.Call(typeof(ReturnedWork), method, null, result);
}
