/** The model: one API's contract as immutable data, read once and then read in two directions. */

import type { OpenAPIObject } from 'openapi3-ts/oas31';
import type { ContractProblem, Location } from './contract-error.js';
import type { Documents, Place } from './document/documents.js';
import type { Generate } from './generate/generate.js';
import type { ParameterForm } from './http/parameter.js';
import type { PathMatch } from './http/path.js';
import type { Asked } from './http/path-key.js';
import type { Json } from './json.js';
import type { Transition, Value } from './rules/rules.js';
import type { Schemas } from './schema/schema.js';
import type { ParameterShape } from './schema/shape.js';
import type { Describe } from './variants/sites.js';
import type { MakeVariants } from './variants/variants.js';

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
  /** What each item of a sequence is (OpenAPI 3.2, 4.14.3.1). */
  readonly itemSchema: Place | undefined;
  /** What the schema allows in outline, by which content that is no JSON is read and written. */
  readonly shape: ParameterShape;
  readonly itemShape: ParameterShape | undefined;
  /** How the members of a form stand in it (OpenAPI 3.1, 4.8.15), by their names. */
  readonly encodings: ReadonlyMap<string, Encoding>;
  /** How parts without names stand in it, by their position (OpenAPI 3.2, 4.14.5.2). */
  readonly prefixEncodings: readonly Encoding[];
  readonly itemEncoding: Encoding | undefined;
  readonly examples: readonly Example[];
  readonly at: Place;
};

/** How a member of a form, or a part, stands in it (OpenAPI 3.1, 4.8.15). */
export type Encoding = {
  /** The media types that it may be of; none when that goes by its schema. */
  readonly contentTypes: readonly string[];
  /** Where it says how: the style of a query parameter, and then no media type counts. */
  readonly style: Pick<ParameterForm, 'style' | 'explode' | 'allowReserved'> | undefined;
  readonly headers: readonly ResponseHeader[];
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
  /** Whether an empty text is as if it was not sent; only in a query. */
  readonly allowEmptyValue: boolean;
  /** What it is when it is not sent. */
  readonly default: Json | undefined;
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
  readonly form: ParameterForm;
  /** Its media type, where its text is of one. */
  readonly content: Content | undefined;
  readonly examples: readonly Example[];
  readonly at: Place;
};

/** How a later operation is called with what an answer tells (OpenAPI 3.1, 4.8.20). */
export type Link = {
  readonly name: string;
  /** The operation that is called: by its operationId, or where it stands; `endpoint` is its method and path there. */
  readonly target:
    | { readonly kind: 'id'; readonly id: string }
    | { readonly kind: 'place'; readonly at: Place; readonly endpoint: string | undefined };
  /** Constants and runtime expressions; `in` is undefined where the name alone says which parameter is meant. */
  readonly parameters: readonly {
    readonly name: string;
    readonly in: Parameter['in'] | undefined;
    readonly value: Json;
  }[];
  readonly requestBody: Json | undefined;
  readonly at: Place;
};

/** A documented response. `status` is `'200'`, a range `'2XX'` or `'default'` (OpenAPI 3.1, 4.8.16). */
export type DocumentedResponse = {
  readonly status: string;
  readonly description: string;
  readonly headers: readonly ResponseHeader[];
  readonly content: readonly Content[];
  readonly links: readonly Link[];
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

/** A request that the API makes itself when an operation has been answered (OpenAPI 3.1, 4.8.18). */
export type Callback = {
  readonly name: string;
  /** Where it goes: a URL with runtime expressions in it. */
  readonly url: string;
  /** What is sent; its path is the URL as written. */
  readonly operation: Operation;
};

/** A request that the API makes by itself, to who has registered for it (OpenAPI 3.1, 4.8.1.1). */
export type Webhook = { readonly name: string; readonly operation: Operation };

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
  /** The base paths of the servers that are its own (OpenAPI 3.1, 4.8.9 and 4.8.10); undefined when those of the contract count. */
  readonly basePaths: readonly string[] | undefined;
  readonly callbacks: readonly Callback[];
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
  /** The mistakes in it, in the order of files and lines: what they concern is passed over. */
  readonly problems: readonly ContractProblem[];
  /** The root document as it was written. */
  readonly document: OpenAPIObject;
  readonly servers: readonly string[];
  /** The base paths of these servers, that of the first one first, without a slash at the end; at least one. */
  readonly basePaths: readonly string[];
  readonly operations: readonly Operation[];
  readonly webhooks: readonly Webhook[];
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
  /** The path item that a path as sent belongs to; where several would do, the one that has what is asked for. */
  match(path: string, asked?: Asked<PathItem>): PathMatch<PathItem> | undefined;
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
