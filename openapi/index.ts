/** counterfoil/openapi: an OpenAPI document, its state rules and its places, as one immutable contract. */

export { loadAuthoredWorkflows, loadWorkflows } from './arazzo.js';
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
export { curlLine } from './curl.js';
export { describeContract } from './describe.js';
export type { Description } from './description.js';
export type { Place } from './documents.js';
export { type Clock, systemClock } from './duration.js';
export type { Json, JsonObject } from './json.js';
export { type LoadOptions, loadContract } from './load.js';
export { type Field, fieldValue, type RequestMessage, type ResponseMessage } from './message.js';
export { type Random, seededRandom } from './random.js';
export type { Condition, Effect, Transition, Value } from './rules.js';
export type { Schemas, SchemaViolation } from './schema.js';
export { shippedApis } from './shipped.js';
export {
  advance,
  type Change,
  type Choice,
  type Delivery,
  type Entry,
  permitted,
  type StateReader,
} from './state.js';
export { readRequest, type Violation } from './validate.js';
export type { Step, Workflow } from './workflow.js';
