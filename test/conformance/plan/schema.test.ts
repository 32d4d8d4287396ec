/** What a plan makes of the schema of a body, where the media type or the method says more than the schema. */

import { expect, test } from 'vitest';
import type { Phase } from '../../../conformance/event.js';
import { planOf } from '../../../conformance/run.js';
import { isObject } from '../../../openapi/json.js';
import { head } from '../../openapi/folders.js';
import { contractOf } from '../contracts.js';

const schema: Phase = 'schema';

/** The bodies that the plan sends with an operation of this method and media type. */
async function bodiesOf(method: string, mediaType: string): Promise<readonly unknown[]> {
  const contract = await contractOf(`${head}paths:
  /a:
    ${method}:
      requestBody: { required: true, content: { ${mediaType}: { schema: { type: object, required: [n], additionalProperties: false, properties: { n: { type: integer, minimum: 3 } } } } } }
      responses: { '200': { description: OK } }
`);
  const { workflows } = planOf(contract, { seed: 1, phases: [schema] });
  return workflows.flatMap(({ workflow }) => workflow.steps.map(({ requestBody }) => requestBody?.payload));
}

test('a body of JSON is also sent as what is no object', async () => {
  expect((await bodiesOf('post', 'application/json')).some((body) => !isObject(body))).toBe(true);
});

test.each(['application/x-www-form-urlencoded', 'multipart/form-data'])(
  'a form of %s always has members, for anything else would be the name of one',
  async (mediaType) => {
    const bodies = await bodiesOf('post', mediaType);
    expect(bodies.length).toBeGreaterThan(3);
    expect(bodies.filter((body) => !isObject(body))).toEqual([]);
  },
);

test('a body of GET is never wrong, for it may be passed over', async () => {
  const wrong = (bodies: readonly unknown[]) =>
    bodies.filter((body) => !isObject(body) || Number(body.n) < 3);
  expect(wrong(await bodiesOf('get', 'application/json'))).toEqual([]);
  expect(wrong(await bodiesOf('put', 'application/json'))).not.toEqual([]);
});
