#nullable enable
using System.Runtime.CompilerServices;
using NvmeGpu.Bindings;

internal static unsafe class Message
{
    public static void Fill(msghdr* message, int kind)
    {
        var name = new byte[16];
        switch (kind)
        {
            case 4:
                message->msg_name = {|NVG0007:Unsafe.AsPointer(ref name[0])|};
                message->msg_namelen = 16;
                break;
            default:
                message->msg_name = null;
                break;
        }
    }
}
