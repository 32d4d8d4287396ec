/** The form of an Arazzo 1.0 document with our extensions, as a JSON Schema of our own, and its errors in words. */

import type { Words } from '../document/structure.js';

const text = { type: 'string' } as const;
const some = { type: 'string', minLength: 1 } as const;
const texts = { type: 'array', items: text } as const;
const id = { type: 'string', pattern: '^[A-Za-z0-9_-]+$' } as const;
const key = { pattern: '^[A-Za-z0-9._-]+$' } as const;
const part = (name: string): object => ({ $ref: `#/$defs/${name}` });
const list = (name: string): object => ({ type: 'array', items: part(name) });
const map = (values: object): object => ({
  type: 'object',
  propertyNames: key,
  additionalProperties: values,
});

/** An object with these members, extensions, and no others. */
const object = (required: readonly string[], properties: object, more: object = {}): object => ({
  type: 'object',
  required,
  properties,
  patternProperties: { '^x-': true },
  additionalProperties: false,
  ...more,
});

/** An object, or a reference to one among the components. */
const reusable = (name: string): object => ({
  if: { type: 'object', required: ['reference'] },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: part('reusable'),
  else: part(name),
});

const provenance = {
  'x-provenance': { enum: ['documented', 'inferred'] },
  'x-reason': some,
  'x-source': { type: 'string', format: 'uri' },
} as const;

const inferredWithReason = {
  if: { properties: { 'x-provenance': { const: 'inferred' } }, required: ['x-provenance'] },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: { required: ['x-reason'] },
} as const;

const action = {
  name: some,
  workflowId: some,
  stepId: some,
  criteria: list('criterion'),
} as const;

const definitions = {
  source: object(['name', 'url'], { name: id, url: some, type: { enum: ['openapi', 'arazzo'] } }),
  workflow: object(
    ['workflowId', 'steps'],
    {
      workflowId: id,
      summary: text,
      description: text,
      inputs: { type: 'object' },
      'x-inputs': { type: 'object', additionalProperties: { type: 'object' } },
      dependsOn: { type: 'array', items: some, uniqueItems: true },
      steps: { ...list('step'), minItems: 1 },
      successActions: { type: 'array', items: reusable('successAction') },
      failureActions: { type: 'array', items: reusable('failureAction') },
      outputs: map(some),
      parameters: { type: 'array', items: reusable('parameter') },
      ...provenance,
    },
    inferredWithReason,
  ),
  step: object(['stepId'], {
    stepId: id,
    description: text,
    operationId: some,
    operationPath: some,
    workflowId: some,
    parameters: { type: 'array', items: reusable('parameter') },
    requestBody: part('requestBody'),
    successCriteria: list('criterion'),
    onSuccess: { type: 'array', items: reusable('successAction') },
    onFailure: { type: 'array', items: reusable('failureAction') },
    outputs: map(some),
    'x-request': part('alteration'),
    'x-wait': { type: 'string', format: 'duration' },
    'x-times': part('times'),
    'x-shared': { type: 'boolean' },
  }),
  reusable: {
    type: 'object',
    required: ['reference'],
    properties: { reference: some, value: true },
    additionalProperties: false,
  },
  parameter: object(['name', 'value'], {
    name: some,
    in: { enum: ['path', 'query', 'header', 'cookie'] },
    value: true,
  }),
  successAction: object(['name', 'type'], { ...action, type: { enum: ['end', 'goto'] } }),
  failureAction: object(['name', 'type'], {
    ...action,
    type: { enum: ['end', 'goto', 'retry'] },
    retryAfter: { type: 'number', minimum: 0 },
    retryLimit: { type: 'integer', minimum: 0 },
  }),
  requestBody: object([], { contentType: some, payload: true, replacements: list('replacement') }),
  replacement: object(['target', 'value'], { target: text, value: true }),
  criterion: object(['condition'], {
    context: some,
    condition: some,
    type: {
      if: { type: 'object' },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: object(['type', 'version'], { type: { enum: ['jsonpath', 'xpath'] }, version: some }),
      else: { enum: ['simple', 'regex', 'jsonpath', 'xpath'] },
    },
  }),
  alteration: object([], {
    method: { type: 'string', pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$" },
    withoutFields: texts,
    fields: { type: 'array', items: object(['name', 'value'], { name: some, value: true }) },
    content: { type: ['string', 'null'] },
  }),
  times: {
    if: { type: 'object' },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: object(['count'], { count: { type: 'integer', minimum: 1 }, atOnce: { type: 'boolean' } }),
    else: { type: 'integer', minimum: 1 },
  },
} as const;

/** The form of a whole document. */
export const arazzoSchema: object = {
  ...object(['arazzo', 'info', 'sourceDescriptions', 'workflows'], {
    arazzo: text,
    info: object(['title', 'version'], { title: text, summary: text, description: text, version: text }),
    sourceDescriptions: { ...list('source'), minItems: 1 },
    workflows: { ...list('workflow'), minItems: 1 },
    components: object([], {
      inputs: map({ type: 'object' }),
      parameters: map(part('parameter')),
      successActions: map(part('successAction')),
      failureActions: map(part('failureAction')),
    }),
  }),
  $defs: definitions,
};

/** Words for the errors that the usual ones are too general for. */
export const arazzoWords: Words = ({ keyword, params }, name, value) => {
  const written = JSON.stringify(value);
  if (keyword === 'pattern' && name === '"method"')
    return { what: `${written} is no method`, fix: 'Write it as it is sent, for example PUT' };
  if (keyword === 'pattern')
    return { what: `${written} is not a valid name`, fix: 'Use letters, digits, "-" and "_" only' };
  if (keyword === 'format' && params.format === 'duration')
    return { what: `${written} is not a duration`, fix: 'Write ISO 8601, for example PT10M' };
  if (keyword === 'format')
    return { what: `${written} is not the address of a page`, fix: 'Write a whole URL' };
  if (keyword === 'required' && params.missingProperty === 'x-reason')
    return { what: `${name} is inferred, and no "x-reason" says from what`, fix: 'Add it' };
  return undefined;
};
