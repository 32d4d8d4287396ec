/** The JSON Schema of a configuration: what `Config` says, for a value that comes from a file. */

import type { Config } from '../conformance/config.js';
import type { JsonObject } from '../openapi/json.js';

const text: JsonObject = { type: 'string', minLength: 1 };
const texts: JsonObject = { type: 'array', items: text };
const flag: JsonObject = { type: 'boolean' };
const count: JsonObject = { type: 'integer', minimum: 1 };
const seconds: JsonObject = { type: 'number', exclusiveMinimum: 0 };
const byName = (items: JsonObject): JsonObject => ({ type: 'object', additionalProperties: items });
const closed = (properties: JsonObject): JsonObject => ({
  type: 'object',
  properties,
  additionalProperties: false,
});

const levels: JsonObject = byName({ enum: ['off', 'note', 'error'] });

const settings: Readonly<Record<keyof Config, JsonObject>> = {
  checks: levels,
  operations: byName(closed({ checks: levels })),
  strict: flag,
  only: texts,
  skip: texts,
  responseTime: seconds,
  // A field name is a token, and a line end would begin another field (RFC 9110, sections 5.1 and 5.5).
  headers: {
    type: 'object',
    propertyNames: { pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$" },
    additionalProperties: { type: 'string', pattern: '^[^\\r\\n\\u0000]*$' },
  },
  rate: { type: 'number', exclusiveMinimum: 0 },
  concurrency: count,
  timeout: seconds,
  retries: { type: 'integer', minimum: 0 },
  proxy: { type: 'string', pattern: '^https?://.' },
  ca: text,
  insecure: flag,
  clientCert: text,
  clientKey: text,
  credentials: byName(text),
  tokenUrl: { type: 'string', pattern: '^https?://.' },
  safe: flag,
  inputs: {
    type: ['string', 'object', 'array'],
    minLength: 1,
    items: { type: 'object' },
    minItems: 1,
  },
  inputCommands: byName(text),
  inputBudget: count,
  once: texts,
  fresh: texts,
  secrets: texts,
  walks: { type: 'integer', minimum: 0 },
  walkLength: count,
  walkTime: seconds,
  maxRequests: count,
  maxTime: seconds,
  seed: { type: 'integer', minimum: 0, maximum: 4_294_967_295 },
  report: texts,
  baseline: text,
  saveFindings: text,
};

/** The names of all settings. */
export const settingNames: readonly string[] = Object.keys(settings);

/** What a configuration must look like. `$schema` may name a schema for editors. */
export const configSchema: JsonObject = closed({ $schema: { type: 'string' }, ...settings });
