/** counterfoil/openapi: an OpenAPI document, its state rules and its places, as one immutable contract. */

export { loadAuthoredWorkflows, loadWorkflows } from './arazzo/arazzo.js';
export type { Step, Workflow } from './arazzo/workflow.js';
export type {
  Content,
  Contract,
  DocumentedResponse,
  Example,
  Operation,
  Parameter,
  Provenance,
  RequestBody,
  ResponseHeader,
  SecurityRequirement,
  SecurityScheme,
} from './contract.js';
export { responseFor } from './contract.js';
export {
  ContractError,
  type ContractProblem,
  type ContractProblemCode,
  type Location,
  locationText,
} from './contract-error.js';
export { describeContract } from './describe/describe.js';
export type { Description } from './describe/description.js';
export type { Place } from './document/documents.js';
export { type Clock, systemClock } from './duration.js';
export { curlLine } from './http/curl.js';
export { type Field, fieldValue, type RequestMessage, type ResponseMessage } from './http/message.js';
export { readRequest, type Violation } from './http/validate.js';
export type { Json, JsonObject } from './json.js';
export { type LoadOptions, loadContract } from './load.js';
export { type Random, seededRandom } from './random.js';
export type { Entry, StateReader } from './rules/entries.js';
export type { Condition, Effect, Transition, Value } from './rules/rules.js';
export { advance, type Change, type Choice, type Delivery, permitted } from './rules/state.js';
export type { Schemas, SchemaViolation } from './schema/schema.js';
export { shippedApis } from './shipped.js';
