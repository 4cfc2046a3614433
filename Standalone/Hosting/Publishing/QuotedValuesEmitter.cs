using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.EventEmitters;

namespace MovieAspire.Standalone.Hosting;

/// <summary>Quotes every string that is a value, so that none is read as a number, a boolean or a time; keys stay bare.</summary>
internal sealed class QuotedValuesEmitter(IEventEmitter next) : ChainedEventEmitter(next)
{
    // For each open collection: null in a sequence, otherwise whether a key comes next.
    private readonly Stack<bool?> _expectsKey = new();

    public override void Emit(ScalarEventInfo eventInfo, IEmitter emitter)
    {
        if (eventInfo.Source.Type == typeof(string) && !IsKey())
        {
            eventInfo = new ScalarEventInfo(eventInfo.Source) { Style = ScalarStyle.DoubleQuoted };
        }

        Advance();
        base.Emit(eventInfo, emitter);
    }

    public override void Emit(MappingStartEventInfo eventInfo, IEmitter emitter)
    {
        Advance();
        _expectsKey.Push(true);
        base.Emit(eventInfo, emitter);
    }

    public override void Emit(MappingEndEventInfo eventInfo, IEmitter emitter)
    {
        _expectsKey.Pop();
        base.Emit(eventInfo, emitter);
    }

    public override void Emit(SequenceStartEventInfo eventInfo, IEmitter emitter)
    {
        Advance();
        _expectsKey.Push(null);
        base.Emit(eventInfo, emitter);
    }

    public override void Emit(SequenceEndEventInfo eventInfo, IEmitter emitter)
    {
        _expectsKey.Pop();
        base.Emit(eventInfo, emitter);
    }

    private bool IsKey() => _expectsKey.TryPeek(out var expectsKey) && expectsKey == true;

    private void Advance()
    {
        if (_expectsKey.TryPeek(out var expectsKey) && expectsKey is not null)
        {
            _expectsKey.Pop();
            _expectsKey.Push(!expectsKey);
        }
    }
}
