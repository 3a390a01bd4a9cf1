import { isSensitiveName } from '../telemetry/redaction/sensitive-names.ts';
import type { TracingSettings } from '../telemetry/tracing/open-tracing.ts';
import type { Environment } from './environment.ts';

/** Returns what the gateway itself needs to know of OpenTelemetry's variables: the SDK reads them too. */
export const tracingOf = (env: Environment): TracingSettings => {
  const endpoint = env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? env.OTEL_EXPORTER_OTLP_ENDPOINT;
  const protocol = env.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL ?? env.OTEL_EXPORTER_OTLP_PROTOCOL;
  return {
    protocol: endpoint === undefined || env.OTEL_SDK_DISABLED ? null : protocol,
    isForwarded: env.FORWARD_TRACEPARENT,
  };
};

const decoded = (text: string): string[] => {
  try {
    return [text, decodeURIComponent(text)];
  } catch {
    return [text];
  }
};

/** Names of data sets and tenants are no secrets: the log would lose every word that is equal to one. */
const isSecret = (name: string, value: string): boolean =>
  isSensitiveName(name) || (value.length >= 16 && /\d/.test(value));

/** Returns the secrets in headers: values, and those after a scheme such as `Bearer`. */
const headerSecrets = (headers = ''): string[] =>
  headers.split(',').flatMap((header) => {
    const [name = '', ...parts] = header.split('=');
    return decoded(parts.join('=').trim())
      .flatMap((value) => [value, ...value.split(' ').slice(1)])
      .filter((value) => isSecret(name.trim(), value));
  });

const passwordOf = (url: string | undefined): string[] =>
  url === undefined ? [] : decoded(new URL(url).password);

/** Returns the credentials for the collector. */
export const collectorSecretsOf = (env: Environment): string[] => [
  ...headerSecrets(env.OTEL_EXPORTER_OTLP_HEADERS),
  ...headerSecrets(env.OTEL_EXPORTER_OTLP_TRACES_HEADERS),
  ...passwordOf(env.OTEL_EXPORTER_OTLP_ENDPOINT),
  ...passwordOf(env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT),
];
