/** The schemas of a document as another validator of JSON Schema reads them, in the dialect of the document's own version. */

import '@hyperjump/json-schema/formats';
import {
  type OutputUnit,
  registerSchema,
  setShouldValidateFormat,
  setShouldValidateSchema,
  unregisterSchema,
} from '@hyperjump/json-schema/draft-2020-12';
import {
  addKeyword,
  BASIC,
  compile as compileSchema,
  defineVocabulary,
  getKeywordId,
  getSchema,
  hasDialect,
  interpret,
  loadDialect,
  Validation,
} from '@hyperjump/json-schema/experimental';

import { fromJs, value as jsOf, typeOf } from '@hyperjump/json-schema/instance/experimental';
import '@hyperjump/json-schema/openapi-3-0';
import '@hyperjump/json-schema/openapi-3-1';
import { asObject, isObject, type Json } from '../../openapi/json.js';
import type { Description, Spot, Version } from './reading.js';
import { forResponses } from './response-schemas.js';

setShouldValidateSchema(false);
setShouldValidateFormat(true);

/** What a value breaks: a keyword, and where in the value. */
export type Broken = { readonly keyword: string; readonly at: string; readonly schema: string };

export type SchemaVerdict =
  | { readonly kind: 'valid' }
  | { readonly kind: 'invalid'; readonly broken: readonly Broken[] }
  /** The validator cannot read the schema. */
  | { readonly kind: 'unchecked'; readonly why: string };

/** The schemas of one document. Each is compiled once, when a value is first held against it. */
export type IndependentSchemas = {
  verdict(schema: Spot, value: Json): Promise<SchemaVerdict>;
  /** Forgets the document. */
  close(): void;
};

const host = 'https://corpus.invalid';
const bases = {
  '2.0': 'https://spec.openapis.org/oas/3.0/schema',
  '3.0': 'https://spec.openapis.org/oas/3.0/schema',
  '3.1': 'https://spec.openapis.org/oas/3.1/dialect/base',
  '3.2': 'https://spec.openapis.org/oas/3.1/dialect/base',
} as const;

const keywords =
  `$ref $id $anchor $defs $comment $dynamicAnchor $dynamicRef $vocabulary additionalProperties allOf anyOf
  const contains contentEncoding contentMediaType contentSchema default dependentRequired dependentSchemas deprecated description
  discriminator else enum example examples exclusiveMaximum exclusiveMinimum externalDocs format if items maxContains maxItems
  maxLength maxProperties maximum minContains minItems minLength minProperties minimum multipleOf not nullable oneOf pattern
  patternProperties prefixItems properties propertyNames readOnly required then title type unevaluatedItems
  unevaluatedProperties uniqueItems writeOnly xml`.split(/\s+/);

/** Patterns that are not written for Unicode are read as ECMA-262 reads them without it; what is no pattern says nothing. */
addKeyword<RegExp | undefined>({
  id: `${host}/keyword/pattern`,
  compile: async (schema) => regularExpression(schema.document.root, schema.cursor),
  interpret: (pattern, instance) =>
    pattern === undefined || typeOf(instance) !== 'string' || pattern.test(jsOf<string>(instance)),
});

/** The dialects, which take keywords that they do not know, and judge every format by the table of 2020-12. */
for (const version of ['2.0', '3.0', '3.1', '3.2'] as const) {
  const known = keywords.flatMap((name) => {
    const id = getKeywordId(name, bases[version]);
    return id === undefined || id.includes('/unknown#') ? [] : [[name, id] as const];
  });
  const format = 'https://json-schema.org/keyword/draft-2020-12/format';
  const own = { pattern: `${host}/keyword/pattern`, format };
  defineVocabulary(`${host}/vocabulary/${version}`, { ...Object.fromEntries(known), ...own });
  loadDialect(`${host}/dialect/${version}`, { [`${host}/vocabulary/${version}`]: true }, true);
}

/** A pointer in a document that is read in full: the library leaves `%23` as it is, and makes characters of the octets of UTF-8. */
async function readPointers(uri: string): Promise<void> {
  const { document } = await getSchema(uri);
  const named: unknown = Reflect.get(document, 'anchorLocation');
  Reflect.set(document, 'anchorLocation', (fragment?: string): unknown => {
    if (fragment?.startsWith('/')) return readFragment(fragment);
    return typeof named === 'function' ? named(fragment) : '';
  });
}

function readFragment(fragment: string): string {
  const octets = fragment.replace(/%([0-9a-f]{2})/gi, (_, digits) =>
    String.fromCharCode(parseInt(digits, 16)),
  );
  if (!/^[\0-\xff]*$/.test(octets)) return decodeURIComponent(fragment);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(octets, 'latin1'));
  } catch {
    return decodeURIComponent(fragment);
  }
}

function regularExpression(root: unknown, pointer: string): RegExp | undefined {
  let part: unknown = root;
  for (const token of pointer.split('/').slice(1))
    part = isObject(part) || Array.isArray(part) ? Reflect.get(part, unescaped(token)) : undefined;
  if (typeof part !== 'string') return undefined;
  for (const flags of ['u', '']) {
    try {
      return new RegExp(part, flags);
    } catch {}
  }
  return undefined;
}

function unescaped(token: string): string {
  return token.replaceAll('~1', '/').replaceAll('~0', '~');
}

const nothing = `${host}/nothing`;
registerSchema({}, nothing, `${host}/dialect/3.1`);

let read = 0;

/** Reads the schemas of a document. */
export function independentSchemas({ root, version, files }: Description): IndependentSchemas {
  read += 1;
  const base = `${host}/${read}`;
  const uris: string[] = [];
  const dialect = dialectOf(version, files.get(root) ?? null);
  const uriOf = (file: string): string => `${base}${file.split('/').map(encodeURIComponent).join('/')}`;
  for (const [file, value] of forResponses(files)) {
    if (!isObject(value)) continue;
    registerSchema(JSON.parse(JSON.stringify(value)), uriOf(file), dialect);
    uris.push(uriOf(file));
  }
  // What is compiled for one schema serves all that lead to it.
  const shared = Promise.all(uris.map(readPointers)).then(async () =>
    compileSchema(await getSchema(nothing)),
  );
  const compiled = new Map<string, string | Error>();
  const compile = async ({ file, pointer }: Spot): Promise<string | Error> => {
    const uri = `${uriOf(file)}#${pointer.split('/').map(encodeURIComponent).join('/')}`;
    const known = compiled.get(uri);
    if (known !== undefined) return known;
    const { ast } = await shared;
    const made = await getSchema(uri)
      .then((schema) => Validation.compile(schema, ast, schema))
      .catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
    compiled.set(uri, made);
    return made;
  };
  return {
    async verdict(schema, value) {
      const schemaUri = await compile(schema);
      if (schemaUri instanceof Error) return { kind: 'unchecked', why: schemaUri.message };
      const { ast } = await shared;
      try {
        const instance = fromJs(JSON.parse(JSON.stringify(value)));
        if (interpret({ ast, schemaUri }, instance).valid) return { kind: 'valid' };
        const told = interpret({ ast, schemaUri }, instance, BASIC);
        const errors = told.valid ? [] : (told.errors ?? []);
        return { kind: 'invalid', broken: errors.slice(-5).map(brokenOf) };
      } catch (error) {
        return { kind: 'unchecked', why: error instanceof Error ? error.message : String(error) };
      }
    },
    close: () => uris.forEach(unregisterSchema),
  };
}

function brokenOf({ absoluteKeywordLocation: location, instanceLocation }: OutputUnit): Broken {
  const keyword = decodeURI(location.slice(location.lastIndexOf('/') + 1));
  const schema = decodeURI(location.slice(location.indexOf('#') + 1));
  return { keyword, at: decodeURI(instanceLocation.slice(1)), schema };
}

/** Of a document that names a dialect, that; else the one of its version. */
function dialectOf(version: Version, document: Json): string {
  const { jsonSchemaDialect: named } = asObject(document);
  const isOther = typeof named === 'string' && !named.includes('spec.openapis.org') && hasDialect(named);
  return isOther ? named : `${host}/dialect/${version}`;
}
