using System;
using System.IO;
using System.Text;
using Microsoft.Win32.SafeHandles;
using NvmeGpu.Bindings;

namespace NvmeGpu.VmLab.Guest;

/// <summary>The serial port that the host listens to: lines both ways, no echo, nothing translated.</summary>
internal sealed class SerialChannel : IGuestChannel, IDisposable
{
    private const string Port = "/dev/ttyS1";

    private readonly SafeFileHandle _port;
    private readonly FileStream _stream;
    private readonly StreamReader _reader;

    public SerialChannel()
    {
        _port = File.OpenHandle(Port, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        MakeRaw(_port);
        _stream = new FileStream(_port, FileAccess.ReadWrite, bufferSize: 0);
        _reader = new StreamReader(_stream, Encoding.UTF8);
    }

    public void Send(string word, string text)
    {
        string line = text.Length == 0 ? word : $"{word} {GuestWords.Escape(text)}";
        _stream.Write(Encoding.UTF8.GetBytes(line + "\n"));
    }

    /// <summary>The host's next line.</summary>
    public (string Word, string Text) Receive()
    {
        string line = _reader.ReadLine()
            ?? throw new EndOfStreamException("the host has closed the serial port.");
        int space = line.IndexOf(' ', StringComparison.Ordinal);
        return space < 0 ? (line, "") : (line[..space], GuestWords.Unescape(line[(space + 1)..]));
    }

    public void Ask(string action)
    {
        Send(GuestWords.Host, action);
        (string word, string text) = Receive();
        if (word != GuestWords.Ok)
        {
            throw new GuestFailedException($"the host could not do '{action}': {text}");
        }
    }

    public void Dispose()
    {
        _reader.Dispose();
        _stream.Dispose();
        _port.Dispose();
    }

    // struct termios of the kernel (asm-generic/termbits.h): four words of flags, a byte, 19 control
    // characters.
    private static void MakeRaw(SafeFileHandle port)
    {
        const uint TCGETS = 0x5401;
        const uint TCSETS = 0x5402;
        const int Flags = 4;
        const int ControlCharacters = (Flags * sizeof(uint)) + 1;
        const int VTIME = 5;
        const int VMIN = 6;
        const uint SpeedAndSize = 0x10ff; // CBAUD and CSIZE stay
        const uint CREAD = 0x80;
        const uint CLOCAL = 0x800;
        // SAFETY: the buffer on this frame is larger than the structure that both calls take.
        unsafe
        {
            byte* termios = stackalloc byte[64];
            int fd = (int)port.DangerousGetHandle();
            if (Libc.ioctl(fd, TCGETS, termios) != 0)
            {
                throw new IOException($"{Port}: TCGETS failed with {Libc.errno}.");
            }
            uint* flags = (uint*)termios;
            flags[0] = 0; // input: nothing is translated
            flags[1] = 0; // output: likewise
            flags[2] = (flags[2] & SpeedAndSize) | CREAD | CLOCAL;
            flags[3] = 0; // no lines, no echo, no signals
            termios[ControlCharacters + VMIN] = 1;
            termios[ControlCharacters + VTIME] = 0;
            if (Libc.ioctl(fd, TCSETS, termios) != 0)
            {
                throw new IOException($"{Port}: TCSETS failed with {Libc.errno}.");
            }
        }
    }
}
