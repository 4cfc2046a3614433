// Sends a trace, a log record and metrics as any Node service does: the SDK, set up by OTEL_* environment variables alone.
'use strict';

const { NodeSDK } = require('@opentelemetry/sdk-node');
const { trace, metrics, SpanStatusCode } = require('@opentelemetry/api');
const { logs, SeverityNumber } = require('@opentelemetry/api-logs');

const sdk = new NodeSDK();
sdk.start();

trace.getTracer('shop').startActiveSpan('checkout', span => {
  span.setAttributes({ 'cart.items': 3, 'cart.ids': ['a', 'b'], 'cart.total': 9.5, paid: true });
  span.addEvent('charged', { provider: 'test' });
  span.setStatus({ code: SpanStatusCode.ERROR, message: 'card declined' });
  logs.getLogger('shop').emit({ severityNumber: SeverityNumber.WARN, severityText: 'WARN', body: 'the card was declined', attributes: { card: 'visa' } });
  span.end();
});
metrics.getMeter('shop').createCounter('orders', { unit: '{order}' }).add(2, { country: 'DE' });
metrics.getMeter('shop').createHistogram('took', { unit: 'ms' }).record(12, { country: 'DE' });

sdk.shutdown().then(() => process.exit(0), error => { console.error(error); process.exit(1); });
