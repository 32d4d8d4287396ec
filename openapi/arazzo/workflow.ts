/** Workflows (Arazzo 1.0): sequences of calls as data, read from a document or made by a plan. */

import type { Operation, Provenance } from '../contract.js';
import type { Place } from '../document/documents.js';
import type { Duration } from '../duration.js';
import type { Json, JsonObject } from '../json.js';

/**
 * JSON with holes: a text that is a runtime expression (`$inputs.phone_number`, `$steps.log-in.outputs.token`) stands for
 * its value, and `{$...}` within a text for the value as text (Arazzo 1.0, section 4.8).
 */
export type Template = Json;

/** A workflow (Arazzo 1.0, section 4.6.4). */
export type Workflow = {
  /** Letters, digits, `-` and `_`. */
  readonly id: string;
  readonly summary: string | undefined;
  readonly description: string | undefined;
  readonly inputs: readonly WorkflowInput[];
  /** The workflows that must have run before, by id. */
  readonly dependsOn: readonly string[];
  readonly steps: readonly Step[];
  readonly successActions: readonly Action[];
  readonly failureActions: readonly Action[];
  readonly outputs: readonly (readonly [name: string, expression: string])[];
  /** Parameters of every step that does not set them itself. */
  readonly parameters: readonly StepParameter[];
  readonly provenance: Provenance;
  /** Where it stands; undefined when a plan has made it. */
  readonly at: Place | undefined;
};

/** A member of the schema of a workflow's inputs, with our extensions; they stand in it, or under its name in `x-inputs`. */
export type WorkflowInput = {
  readonly name: string;
  readonly schema: JsonObject;
  readonly required: boolean;
  /** `x-input`: what to ask for; the name itself when it is not given. Several inputs may ask for the same. */
  readonly asks: string;
  /** `x-for`: what the answer depends on: the phone number that an OTP was sent to. */
  readonly for: JsonObject;
};

/** A step (Arazzo 1.0, section 4.6.5). */
export type Step = {
  readonly id: string;
  readonly description: string | undefined;
  readonly call:
    | { readonly kind: 'operation'; readonly operation: Operation }
    | {
        readonly kind: 'workflow';
        readonly workflowId: string;
        readonly shared: boolean;
        /** Whether the workflow goes on, without its outputs, when the one that is called does not come to its end. */
        readonly mayFail?: boolean;
      };
  readonly parameters: readonly StepParameter[];
  readonly requestBody: StepRequestBody | undefined;
  /** All must hold. None at all: nothing is asked of the response beyond the contract. */
  readonly successCriteria: readonly Criterion[];
  readonly onSuccess: readonly Action[];
  readonly onFailure: readonly Action[];
  readonly outputs: readonly (readonly [name: string, expression: string])[];
  /** `x-request`: in what the message that is sent differs from what the operation describes. */
  readonly alteration: Alteration | undefined;
  /** `x-wait`: how much time passes before the step. */
  readonly wait: Duration | undefined;
  /** `x-times`: how often the request is sent, one after the other or all at the same moment. Default once. */
  readonly times: { readonly count: number; readonly atOnce: boolean };
  readonly at: Place | undefined;
};

/** A parameter of a step (Arazzo 1.0, section 4.6.7). Of a workflow that is called, an input: `in` is undefined. */
export type StepParameter = {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header' | 'cookie' | undefined;
  readonly value: Template;
};

/** The content of a step's request (Arazzo 1.0, section 4.6.15). */
export type StepRequestBody = {
  /** Undefined: the media type that the operation describes first. */
  readonly contentType: string | undefined;
  readonly payload: Template;
  /** Values to put at JSON Pointers of the payload (section 4.6.16). */
  readonly replacements: readonly { readonly target: string; readonly value: Template }[];
};

/** What makes a message another than the operation describes, for the requests that a server must refuse. */
export type Alteration = {
  readonly method: string | undefined;
  /** Names of fields that are not sent, then lines that are. */
  readonly withoutFields: readonly string[];
  readonly fields: readonly (readonly [name: string, value: Template])[];
  /** The content as it is sent, in the place of the serialized payload, with values in it in braces; null for none. */
  readonly content: string | null | undefined;
};

/** A criterion (Arazzo 1.0, section 4.6.12). */
export type Criterion = {
  readonly condition: string;
  readonly type: 'simple' | 'regex' | 'jsonpath';
  /** The expression whose value a regular expression or JSONPath is applied to. */
  readonly context: string | undefined;
  readonly at: Place | undefined;
};

/** A success action or a failure action (Arazzo 1.0, sections 4.6.8 and 4.6.9). */
export type Action = {
  readonly name: string;
  readonly type: 'end' | 'goto' | 'retry';
  readonly workflowId: string | undefined;
  readonly stepId: string | undefined;
  /** Seconds to wait before a retry. */
  readonly retryAfter: number;
  /** How often to try again. Default 1. */
  readonly retryLimit: number;
  readonly criteria: readonly Criterion[];
};
