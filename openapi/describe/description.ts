/** The ledger of a contract as data: what it says, what each statement rests on, and what it does not say. */

import type { Provenance } from '../contract.js';
import type { JsonObject } from '../json.js';

/** Texts are Markdown, as they are in OpenAPI. `at` is a file and a JSON Pointer in it: `openapi.yaml#/paths`. */
export type Description = {
  readonly name: string;
  readonly title: string;
  readonly version: string;
  readonly summary: string | undefined;
  /** Without its section of decisions. */
  readonly description: string | undefined;
  readonly documentation: string | undefined;
  readonly servers: readonly ServerDescription[];
  readonly totals: readonly Total[];
  readonly operations: readonly OperationDescription[];
  readonly securitySchemes: readonly SchemeDescription[];
  readonly collections: readonly CollectionDescription[];
  readonly workflows: readonly WorkflowDescription[];
  /** What stands before the decisions in the description. */
  readonly aboutDecisions: string | undefined;
  readonly decisions: readonly Decision[];
  readonly unseen: readonly Unseen[];
  readonly repaired: readonly Repaired[];
  readonly unreached: readonly Unreached[];
  readonly inferred: readonly Inferred[];
  readonly sources: readonly SourcePage[];
};

/** How many statements of a kind are documented, and how many inferred. */
export type Total = { readonly what: string; readonly documented: number; readonly inferred: number };

export type ServerDescription = {
  readonly url: string;
  readonly description: string | undefined;
  readonly basis: Provenance;
};

export type OperationDescription = {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly summary: string | undefined;
  readonly description: string | undefined;
  readonly deprecated: boolean;
  readonly tags: readonly string[];
  readonly basis: Provenance;
  /** Every page that something in the operation is documented by. */
  readonly sources: readonly string[];
  /** The names of the security schemes that satisfy it, together. Empty: no credential is asked for. */
  readonly security: readonly (readonly string[])[];
  readonly parameters: readonly ParameterDescription[];
  readonly requestBody: BodyDescription | undefined;
  readonly responses: readonly ResponseDescription[];
  readonly rules: readonly RuleDescription[];
  readonly at: string;
};

type ParameterDescription = {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly description: string | undefined;
  readonly basis: Provenance;
  readonly at: string;
};

export type BodyDescription = {
  readonly required: boolean;
  readonly mediaTypes: readonly string[];
  readonly examples: readonly ExampleDescription[];
  readonly basis: Provenance;
  readonly at: string;
};

export type ResponseDescription = {
  readonly status: string;
  readonly description: string;
  readonly basis: Provenance;
  /** The pages of the response, of its examples, and of the rules that lead to it. */
  readonly sources: readonly string[];
  readonly headers: readonly string[];
  readonly mediaTypes: readonly string[];
  readonly examples: readonly ExampleDescription[];
  readonly reached: Reached;
  readonly at: string;
};

export type ExampleDescription = {
  readonly name: string;
  readonly mediaType: string;
  readonly summary: string | undefined;
  readonly description: string | undefined;
  readonly basis: Provenance;
  /** What was wrong with the sample as printed, and how it was mended. */
  readonly repaired: string | undefined;
  /** How it is reached; undefined for a request. */
  readonly reached: Reached | undefined;
  readonly at: string;
};

/** What leads to a response or to an example of it. */
export type Reached =
  | { readonly kind: 'rules'; readonly rules: readonly string[] }
  /** Without a rule, in a situation that every API has. */
  | { readonly kind: 'situation'; readonly situation: string }
  | { readonly kind: 'nothing'; readonly reason: string | undefined };

/** A state rule in plain words. */
export type RuleDescription = {
  readonly name: string;
  readonly description: string | undefined;
  readonly basis: Provenance;
  /** All must hold. None at all: it always applies. */
  readonly when: readonly string[];
  readonly response: { readonly status: string; readonly example: string | undefined };
  /** Values that the rule names before it answers. */
  readonly named: readonly string[];
  readonly answer: string;
  readonly effects: readonly string[];
  readonly alternative: boolean;
  readonly unspecified: boolean;
  readonly at: string;
};

export type SchemeDescription = {
  readonly name: string;
  readonly carrier: string;
  readonly description: string | undefined;
  readonly basis: Provenance;
  /** Its rejections, in order. */
  readonly rules: readonly RuleDescription[];
  readonly at: string;
};

export type CollectionDescription = {
  readonly name: string;
  /** The keys of the entries that it starts with. */
  readonly startsWith: readonly string[];
  readonly readBy: readonly string[];
  readonly changedBy: readonly string[];
};

export type WorkflowDescription = {
  readonly id: string;
  readonly summary: string | undefined;
  readonly description: string | undefined;
  readonly basis: Provenance;
  readonly steps: readonly {
    readonly id: string;
    readonly description: string | undefined;
    readonly calls: string;
  }[];
};

/** Where the documentation contradicts itself or is silent, and what the contract does. */
export type Decision = {
  readonly about: string | undefined;
  readonly sources: readonly { readonly source: string; readonly says: string | undefined }[];
  readonly decided: string;
  readonly reason: string | undefined;
};

export type Unseen = {
  readonly what: string;
  readonly source: string | undefined;
  readonly reason: string;
};

export type Repaired = {
  readonly operation: string;
  readonly example: string;
  readonly repaired: string;
};

/** A documented response, or an example of one, that only `Prefer` gives. */
export type Unreached = {
  readonly operation: string;
  readonly status: string;
  readonly example: string | undefined;
  readonly reason: string | undefined;
};

export type Inferred = {
  /** The kind of object: schema, transition, example. */
  readonly kind: string;
  readonly what: string;
  /** Of a schema, the constraints that it states. */
  readonly states: JsonObject | undefined;
  readonly reason: string;
  readonly usedBy: readonly string[];
  readonly at: string;
};

/** A page of the documentation, and what rests on it. */
export type SourcePage = { readonly source: string; readonly statements: readonly string[] };
