namespace Garam.Broker.Network;

/// <summary>An answer that can be smaller than what was asked for. It takes memory only when it is written.</summary>
internal interface IBoundedAnswer
{
    /// <summary>To be called before the answer is written: it then takes no more than <paramref name="maxBytes"/>, or one record batch if that is larger.</summary>
    void Bound(int maxBytes);
}
