namespace Garam.Fuzz;

/// <summary>Something that takes bytes from strangers. One instance lives for one epoch.</summary>
internal interface IFuzzTarget : IDisposable
{
    /// <summary>What one input may allocate on its thread.</summary>
    long MaxAllocation(int inputLength);

    /// <summary>Makes the next input; it stays untouched until the next call.</summary>
    ReadOnlyMemory<byte> Next();

    /// <summary>Takes the input, and says in a few words what became of it.</summary>
    /// <exception cref="Exception">Anything that is thrown is a finding.</exception>
    string Take(ReadOnlySpan<byte> input);

    /// <summary>Looks at the whole when no more inputs come.</summary>
    void Finish();
}

/// <summary>A promise that an input has broken.</summary>
internal sealed class BrokenPromiseException(string message) : Exception(message);
