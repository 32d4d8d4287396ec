/** The partings of a comparison: those of one operation and one kind are one, with the shortest story that shows it. */

import type { Workflow } from '../../openapi/arazzo/workflow.js';
import { essence, parseMediaType } from '../../openapi/content/media-type.js';
import type { Contract, Operation } from '../../openapi/contract.js';
import { fieldValue } from '../../openapi/http/message.js';
import type { Exchange } from '../check.js';
import type { Plan, Planned } from '../planned.js';
import { anyItem, shortId } from '../short-id.js';
import type { Difference } from './difference.js';
import type { Parting, Standing } from './event.js';
import type { SideName } from './meeting.js';
import { documentOf, stepsOf } from './story.js';
import type { Parted } from './together.js';

/** What is kept of a parting while the comparison goes on. */
export type Kept = {
  readonly id: string;
  planned: Planned;
  /** The shortest workflow that shows it, as far as is known, and what it showed. */
  workflow: Workflow;
  parted: Parted;
  standing: Readonly<Record<SideName, Standing>>;
  count: number;
  shown: number;
  of: number;
};

/** The same from run to run: of where and how two servers part, never of the values that they happened to answer. */
export function partingId(operation: Operation | undefined, { kind, at, title }: Difference): string {
  // Two statuses are a kind of their own; of a content the place is.
  const nature = kind === 'status' || kind === 'outcome' || kind === 'identity' ? title : '';
  return shortId([operation?.id ?? '', kind, anyItem(at), nature]);
}

/** A parting as reports show it. */
export function partingOf(contract: Contract, plan: Plan, kept: Kept): Parting {
  const { id, planned, workflow, parted, standing, count, shown, of } = kept;
  const { difference, operation } = parted;
  return {
    id,
    kind: difference.kind,
    operation: operation?.id,
    endpoint: operation && `${operation.method} ${operation.path}`,
    location: operation && contract.locate(operation.at),
    at: difference.at,
    title: difference.title,
    when: planned.workflow.summary,
    besides: parted.others.map((other) => other.title),
    a: difference.a,
    b: difference.b,
    standing,
    count,
    confirmed: { shown, of },
    steps: stepsOf(parted, workflow),
    workflow: documentOf(contract, plan, workflow, parted),
  };
}

/** What the contract makes of an answer: the state rules first, then the schema of the documented response. */
export function standingOf(exchange: Exchange | undefined): Standing {
  if (exchange === undefined) return 'open';
  const { judgement, contract, operation, response, body } = exchange;
  if (judgement.kind === 'explained') return 'permitted';
  if (judgement.kind === 'unexplained') return 'forbidden';
  if (operation === undefined || response === undefined || body === undefined) return 'open';
  // A refusal in problem details describes itself (RFC 9457), and needs no documentation.
  const mediaType = parseMediaType(fieldValue(response.fields, 'content-type') ?? '');
  if (mediaType !== undefined && essence(mediaType) === 'application/problem+json') return 'open';
  const documented = operation.responses.find(({ status }) => status === String(response.status));
  const schema = documented?.content[0]?.schema;
  if (schema === undefined) return 'open';
  return contract.schemas.violations(schema, body, 'response').length > 0 ? 'forbidden' : 'open';
}
