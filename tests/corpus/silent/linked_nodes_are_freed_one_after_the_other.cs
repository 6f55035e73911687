#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using NvmeGpu.Contracts;
using static NvmeGpu.Bindings.Liburing;

/// <summary>A native list: the next node is remembered before one is freed; slots of tables are
/// reused.</summary>
public sealed unsafe class NodeList : IDisposable
{
    private struct Node
    {
        public Node* Next;
        public byte* Data;
    }

    private Node* _head;

    public void Push(io_uring* ring, int fd)
    {
        var node = (Node*)NativeMemory.Alloc((nuint)sizeof(Node));
        node->Data = (byte*)NativeMemory.Alloc(64);
        node->Next = _head;
        _head = node;
        io_uring_prep_read(io_uring_get_sqe(ring), fd, node->Data, 64, 0);
    }

    public void Pop()
    {
        Node* node = _head;
        _head = node->Next;
        NativeMemory.Free(node->Data);
        NativeMemory.Free(node);
        node = _head;
        if (node != null)
        {
            node->Data[0] = 0;
        }
    }

    public static void Renew([Releases] Span<nint> table)
    {
        for (int i = 0; i < table.Length; i++)
        {
            Marshal.FreeHGlobal(table[i]);
            table[i] = 0;
        }
        ref nint first = ref table[0];
        first = Marshal.AllocHGlobal(1);
        *(byte*)first = 1;
    }

    public void Dispose()
    {
        for (Node* node = _head; node != null;)
        {
            Node* next = node->Next;
            NativeMemory.Free(node->Data);
            NativeMemory.Free(node);
            node = next;
        }
        _head = null;
    }
}
