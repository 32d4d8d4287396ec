/** Numbers just past a bound, and between two multiples. */

import { type Json, numberOf } from '../json.js';
import { type MakeCandidates, madeBy, type Statement } from './variant-candidate.js';

/** The least that a number of this schema can be moved by; smaller steps for where that is too much. */
export function stepsOf({ flat }: Pick<Statement, 'flat'>): readonly number[] {
  const multiple = numberOf(flat.multipleOf);
  if (multiple !== undefined && multiple > 0) return [multiple];
  const types = [flat.type ?? 'number'].flat();
  return types.includes('number') ? [1, 0.01, 0.000_001] : [1];
}

/** A number moved by a step, without the noise of binary fractions; by more where the step is lost in a large one. */
export function moved(value: number, by: number): number {
  const next = Number((value + by).toPrecision(15));
  return next === value ? value + Math.sign(by) * Math.abs(value) * 2 ** -50 : next;
}

const pastBound =
  (direction: 1 | -1, isExclusive: boolean): MakeCandidates =>
  (statement) => {
    const bound = numberOf(statement.argument);
    if (bound === undefined || typeof statement.site.value !== 'number') return [];
    const steps = stepsOf(statement);
    const values = [
      ...(isExclusive ? [bound] : []),
      ...steps.map((step) => moved(bound, direction * step)),
      ...steps.map((step) => direction * step * Math.ceil((direction * bound) / step + 1)),
    ];
    const title = isExclusive ? `is ${bound} itself` : `is ${direction > 0 ? 'more' : 'less'} than ${bound}`;
    return [madeBy(statement, 4, title, () => values)];
  };

const between: MakeCandidates = (statement) => {
  const { site, argument } = statement;
  const step = numberOf(argument);
  if (step === undefined || typeof site.value !== 'number') return [];
  const value = site.value;
  const values: readonly Json[] = [1, -1, step / 2, -step / 2].map((by) => moved(value, by));
  return [madeBy(statement, 4, `is no multiple of ${step}`, () => values)];
};

export const wrongNumbers: Readonly<Record<string, MakeCandidates>> = {
  minimum: pastBound(-1, false),
  exclusiveMinimum: pastBound(-1, true),
  maximum: pastBound(1, false),
  exclusiveMaximum: pastBound(1, true),
  multipleOf: between,
};
