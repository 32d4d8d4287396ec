/** Requests that differ in how they are sent, each followed by the right one where it must have done nothing. */

import { expect, test } from 'vitest';
import { club, orders, plain } from '../contracts.js';
import { planned, stepsOf, workflow } from './planned.js';

const list = planned(orders, { phases: ['protocol'] });

test('methods that a path has not are tried once for each path', () => {
  const tried = list.flatMap(({ workflow: { steps } }) =>
    steps.flatMap(({ alteration, call }) =>
      alteration?.method === undefined || call.kind === 'workflow'
        ? []
        : [`${alteration.method} ${call.operation.path}`],
    ),
  );
  expect(tried.filter((line) => /(PUT|PATCH) /.test(line)).toSorted()).toEqual([
    'PATCH /orders',
    'PATCH /orders/{id}',
    'PUT /orders',
    'PUT /orders/{id}',
  ]);
  const all = [
    'DELETE /orders',
    'GET /orders',
    'HEAD /orders/{id}',
    'OPTIONS /orders',
    'OPTIONS /orders/{id}',
    'PATCH /orders',
    'PATCH /orders/{id}',
    'POST /orders/{id}',
    'PUT /orders',
    'PUT /orders/{id}',
  ];
  expect(tried).toEqual(expect.arrayContaining(all));
});

test('a request that must do nothing is followed by the right one', () => {
  expect(stepsOf(workflow(list, 'create-order-content-as-text-plain'))).toEqual([
    'content-as-text-plain',
    'made-all-the-same',
  ]);
  const [wrong, right] = workflow(list, 'create-order-content-as-text-plain').steps;
  expect(wrong?.alteration).toMatchObject({
    withoutFields: ['content-type'],
    fields: [['content-type', 'text/plain']],
  });
  expect(right?.alteration).toBeUndefined();
});

test('no content is none, and malformed JSON is as it is written', () => {
  expect(workflow(list, 'create-order-no-content').steps[0]?.alteration?.content).toBeNull();
  const { content } = workflow(list, 'create-order-json-is-cut-short').steps[0]?.alteration ?? {};
  expect(() => JSON.parse(content ?? '')).toThrow();
});

test('HEAD comes after GET, and a safe request is sent several times', () => {
  expect(stepsOf(workflow(planned(plain, { phases: ['protocol'] }), 'head-sums-as-get'))).toEqual([
    'sum',
    'head',
  ]);
  const repeats = planned(plain, { phases: ['protocol'] }).filter(({ workflow: { steps } }) =>
    steps.some(({ times }) => times.count > 2 && !times.atOnce),
  );
  expect(repeats.length).toBeGreaterThan(0);
  const ids = planned(club, { phases: ['protocol'], only: ['leave'] }).map((each) => each.workflow.id);
  expect(ids.filter((id) => /head-exit-as-get|times-in-a-row/.test(id))).toEqual([]);
});
