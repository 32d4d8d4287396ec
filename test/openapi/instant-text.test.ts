/** Instants in a form of their own. */

import { describe, expect, test } from 'vitest';
import { instantText } from '../../openapi/instant-text.js';
import { contractOf, head } from './folders.js';

describe('an instant', () => {
  test.each<[instant: string, form: string, text: string]>([
    ['2023-08-24T10:36:59Z', 'dd/MM/yyyy , hh:mm a', '24/08/2023 , 10:36 AM'],
    ['2023-01-02T00:05:00Z', 'dd/MM/yyyy , hh:mm a', '02/01/2023 , 12:05 AM'],
    ['2023-01-02T12:00:00Z', 'hh a', '12 PM'],
    ['2023-01-02T23:59:00Z', 'hh:mm a', '11:59 PM'],
    ['2023-01-02T13:04:05.678Z', 'yyyy-MM-dd HH:mm:ss', '2023-01-02 13:04:05'],
    ['0099-12-31T00:00:00Z', 'yyyy', '0099'],
    ['2023-01-02T13:04:05Z', '[]', '[]'],
  ])('%s in the form %j is %j', (instant, form, text) => {
    expect(instantText(Date.parse(instant), form)).toBe(text);
  });

  test('has a form that is a text', async () => {
    const schemas = 'paths: {}\ncomponents: { schemas: { Time: { type: string, x-instant: 5 } } }\n';
    await expect(contractOf({ 'times.yaml': `${head}${schemas}` }, { strict: true })).rejects.toThrow(
      '5 is not a text',
    );
  });
});
