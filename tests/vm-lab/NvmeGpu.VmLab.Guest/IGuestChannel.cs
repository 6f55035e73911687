namespace NvmeGpu.VmLab.Guest;

/// <summary>Where results go, and who does what only the host can do.</summary>
internal interface IGuestChannel
{
    /// <summary>Sends one line: a word of <see cref="GuestWords"/> and what belongs to it.</summary>
    void Send(string word, string text);

    /// <summary>Asks the host for an action (unplug, stall, ...) and waits until it has been done.</summary>
    /// <exception cref="GuestFailedException">The host could not do it.</exception>
    void Ask(string action);
}
