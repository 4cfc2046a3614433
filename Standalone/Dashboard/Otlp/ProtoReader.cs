using System.Buffers.Binary;

namespace MovieAspire.Standalone.Dashboard.Otlp;

/// <summary>
/// Walks over the fields of a Protocol Buffers message (https://protobuf.dev/programming-guides/encoding/) without allocating:
/// telemetry goes from the request's bytes straight into the store's objects.
/// </summary>
internal ref struct ProtoReader(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> _rest = message;
    private WireType _type;

    /// <summary>The number of the field that the value methods read.</summary>
    public int Field { get; private set; }

    private enum WireType
    {
        Varint = 0,
        Fixed64 = 1,
        Bytes = 2,
        Fixed32 = 5,
    }

    /// <summary>Goes to the next field; read or skip its value before the next call.</summary>
    public bool Next()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        var tag = ReadVarint();
        (Field, _type) = ((int)(tag >> 3), (WireType)(tag & 7));
        return Field > 0 ? true : throw new MalformedOtlpException("A field has the number 0.");
    }

    /// <summary>A bool, an int32, an int64 or an enum.</summary>
    public long Int()
    {
        Expect(WireType.Varint);
        return (long)ReadVarint();
    }

    /// <summary>A sint32.</summary>
    public int ZigZag()
    {
        var value = (uint)Int();
        return (int)(value >> 1) ^ -(int)(value & 1);
    }

    /// <summary>A fixed64 or sfixed64.</summary>
    public ulong Fixed64()
    {
        Expect(WireType.Fixed64);
        return BinaryPrimitives.ReadUInt64LittleEndian(Take(8));
    }

    /// <summary>A double.</summary>
    public double Double() => BitConverter.UInt64BitsToDouble(Fixed64());

    /// <summary>A string, bytes, a message or packed numbers.</summary>
    public ReadOnlySpan<byte> Bytes()
    {
        Expect(WireType.Bytes);
        return Take(ReadVarint());
    }

    /// <summary>A message.</summary>
    public ProtoReader Message() => new(Bytes());

    /// <summary>Adds a repeated fixed64 or double, which comes packed or, from old senders, one by one.</summary>
    public void Fixed64s<T>(List<T> values, Func<ulong, T> convert)
    {
        if (_type == WireType.Fixed64)
        {
            values.Add(convert(Fixed64()));
            return;
        }

        var packed = Bytes();
        for (; packed.Length >= 8; packed = packed[8..])
        {
            values.Add(convert(BinaryPrimitives.ReadUInt64LittleEndian(packed)));
        }

        if (!packed.IsEmpty)
        {
            throw new MalformedOtlpException($"Field {Field} holds no whole number of 64-bit values.");
        }
    }

    /// <summary>Adds a repeated uint64, packed or one by one.</summary>
    public void Varints(List<ulong> values)
    {
        if (_type == WireType.Varint)
        {
            values.Add(ReadVarint());
            return;
        }

        var packed = Message();
        while (!packed._rest.IsEmpty)
        {
            values.Add(packed.ReadVarint());
        }
    }

    /// <summary>Passes over a field that is of no interest here.</summary>
    public void Skip() => _ = _type switch
    {
        WireType.Varint => Take(ReadVarint() & 0),
        WireType.Fixed64 => Take(8),
        WireType.Bytes => Take(ReadVarint()),
        WireType.Fixed32 => Take(4),
        _ => throw new MalformedOtlpException($"Field {Field} is of an unknown wire type."),
    };

    private readonly void Expect(WireType type)
    {
        if (_type != type)
        {
            throw new MalformedOtlpException($"Field {Field} is of another wire type than OTLP gives it.");
        }
    }

    private ulong ReadVarint()
    {
        var value = 0UL;
        for (var i = 0; i < Math.Min(10, _rest.Length); i++)
        {
            value |= (ulong)(_rest[i] & 0x7f) << (7 * i);
            if (_rest[i] < 0x80)
            {
                _rest = _rest[(i + 1)..];
                return value;
            }
        }

        throw new MalformedOtlpException("A number does not end.");
    }

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)_rest.Length)
        {
            throw new MalformedOtlpException($"Field {Field} is longer than what is left of the message.");
        }

        var taken = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return taken;
    }
}
