/** The model: one API's contract as immutable data, read once and then read in two directions. */

import type { OpenAPIObject } from 'openapi3-ts/oas31';
import type { Location } from './contract-error.js';
import type { Documents, Place } from './documents.js';
import type { Generate } from './generate.js';
import type { Json } from './json.js';
import type { ParameterForm } from './parameter.js';
import type { PathMatch } from './path.js';
import type { Transition, Value } from './rules.js';
import type { Schemas } from './schema.js';
import type { ParameterShape } from './shape.js';
import type { Describe } from './sites.js';
import type { MakeVariants } from './variants.js';

/** Where a statement of the contract comes from. */
export type Provenance =
  | { readonly kind: 'documented'; readonly source: string | undefined }
  | { readonly kind: 'inferred'; readonly reason: string };

/** A named example (OpenAPI 3.1, 4.8.19). `value` is undefined when it stands elsewhere (`externalValue`). */
export type Example = {
  readonly name: string;
  readonly summary: string | undefined;
  readonly value: Json | undefined;
  readonly provenance: Provenance;
  readonly at: Place;
};

/** One media type of a request or response (OpenAPI 3.1, 4.8.14). `schema` is the place of its schema. */
export type Content = {
  readonly mediaType: string;
  readonly schema: Place | undefined;
  /** What the schema of a form allows in outline, by which its texts are read; of any other content it says nothing. */
  readonly shape: ParameterShape;
  readonly examples: readonly Example[];
  readonly at: Place;
};

/** A parameter (OpenAPI 3.1, 4.8.12); `content` instead of `form` when its text is of a media type. */
export type Parameter = {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header' | 'cookie';
  readonly required: boolean;
  readonly description: string | undefined;
  readonly schema: Place | undefined;
  readonly form: ParameterForm;
  readonly content: Content | undefined;
  readonly examples: readonly Example[];
  readonly at: Place;
};

export type RequestBody = {
  readonly required: boolean;
  readonly content: readonly Content[];
  readonly at: Place;
};

/** A response header (OpenAPI 3.1, 4.8.21). */
export type ResponseHeader = {
  readonly name: string;
  readonly required: boolean;
  readonly schema: Place | undefined;
  readonly examples: readonly Example[];
  readonly at: Place;
};

/** A documented response. `status` is `'200'`, a range `'2XX'` or `'default'` (OpenAPI 3.1, 4.8.16). */
export type DocumentedResponse = {
  readonly status: string;
  readonly description: string;
  readonly headers: readonly ResponseHeader[];
  readonly content: readonly Content[];
  readonly provenance: Provenance;
  readonly at: Place;
};

/** How a credential travels and, as rules, when it is refused (OpenAPI 3.1, 4.8.27). */
export type SecurityScheme = {
  readonly name: string;
  readonly carrier:
    | { readonly kind: 'http'; readonly scheme: string }
    | { readonly kind: 'apiKey'; readonly in: 'query' | 'header' | 'cookie'; readonly parameter: string }
    | { readonly kind: 'oauth2' | 'openIdConnect' }
    | { readonly kind: 'mutualTLS' };
  /** The rejections, in order; empty when the contract has no rules for it. */
  readonly transitions: readonly Transition[];
  readonly at: Place;
};

/** All of these schemes must be satisfied. A requirement without schemes is satisfied by anybody. */
export type SecurityRequirement = readonly {
  readonly scheme: SecurityScheme;
  readonly scopes: readonly string[];
}[];

export type Operation = {
  /** The operationId; or, where there is none, method and path. */
  readonly id: string;
  /** Upper case. */
  readonly method: string;
  /** The path template, without the path of the server. */
  readonly path: string;
  readonly summary: string | undefined;
  readonly tags: readonly string[];
  readonly deprecated: boolean;
  readonly parameters: readonly Parameter[];
  readonly requestBody: RequestBody | undefined;
  readonly responses: readonly DocumentedResponse[];
  /** Any one of these suffices; none at all means that no credential is asked for. */
  readonly security: readonly SecurityRequirement[];
  readonly transitions: readonly Transition[];
  readonly at: Place;
};

export type PathItem = { readonly template: string; readonly operations: ReadonlyMap<string, Operation> };

/** The entries that the collections of the state start with: collection, key, record. */
export type InitialState = ReadonlyMap<string, ReadonlyMap<string, Value>>;

export type Contract = {
  /** A short name: the folder or file that it was read from. */
  readonly name: string;
  readonly title: string;
  readonly version: string;
  readonly description: string | undefined;
  /** The files that it was read from, the document itself first. */
  readonly files: readonly string[];
  /** The files as they were written, with the rules that were concluded in them. */
  readonly documents: Documents;
  /** The root document as it was written. */
  readonly document: OpenAPIObject;
  readonly servers: readonly string[];
  readonly operations: readonly Operation[];
  readonly securitySchemes: readonly SecurityScheme[];
  readonly initialState: InitialState;
  readonly schemas: Schemas;
  readonly generate: Generate;
  /** Values next to one that the schema at a place allows: at its bounds, past them, and hard to take. */
  readonly variants: MakeVariants;
  /** The places of a value, and the schemas that apply at each. */
  readonly describe: Describe;
  /** Why a statement is only inferred: the reason that is given for what it stands in; undefined when it is documented. */
  reasonFor(at: Place): string | undefined;
  /** The path item that a path as sent belongs to. */
  match(path: string): PathMatch<PathItem> | undefined;
  locate(at: Place): Location;
};

/** The operation for a method: HEAD is GET without content, where it is not documented itself (RFC 9110, section 9.3.2). */
export function operationFor({ operations }: PathItem, method: string): Operation | undefined {
  return operations.get(method) ?? (method === 'HEAD' ? operations.get('GET') : undefined);
}

/** The documented response that a rule names: by what it is documented as, or by a status that this covers. */
export function responseNamed(operation: Operation, status: string): DocumentedResponse | undefined {
  const named = operation.responses.find((candidate) => candidate.status === status);
  return named ?? (/^\d{3}$/.test(status) ? responseFor(operation, Number(status)) : undefined);
}

/** The documented response for a status: exact, then its range, then `default` (OpenAPI 3.1, 4.8.16). */
export function responseFor(operation: Operation, status: number): DocumentedResponse | undefined {
  const range = `${Math.floor(status / 100)}XX`;
  for (const wanted of [String(status), range, 'default']) {
    const response = operation.responses.find(
      (candidate) => candidate.status.toUpperCase() === wanted.toUpperCase(),
    );
    if (response !== undefined) return response;
  }
  return undefined;
}
