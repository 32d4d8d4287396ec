/** Which of many operations one walk calls: such as have to do with each other, and what it takes to begin. */

import type { Random } from '../../../openapi/random.js';
import type { Form } from './forms.js';

/** Fewer forms than these are no walk. */
const fewest = 4;

/**
 * Some forms that have to do with each other: the first, those that make what it needs, and what these need; then others
 * that look at the same.
 */
export function related(forms: readonly Form[], first: Form, most: number, random: Random): readonly Form[] {
  if (forms.length <= most) return forms;
  const shuffled = forms
    .map((form) => ({ form, at: random.integer(0, 0xffff) }))
    .toSorted((one, other) => one.at - other.at)
    .map(({ form }) => form);
  const chosen = new Set([first]);
  for (const { needs } of chosen) {
    for (const collection of needs) {
      const [maker] = shuffled
        .filter(({ begins }) => begins.has(collection))
        .toSorted((one, other) => (one.begins.get(collection) ?? 0) - (other.begins.get(collection) ?? 0));
      if (maker !== undefined && chosen.size < most) chosen.add(maker);
    }
  }
  const touched = new Set([...chosen].flatMap(({ needs }) => [...needs]));
  for (const form of shuffled)
    if (chosen.size < most && [...form.needs].some((collection) => touched.has(collection))) chosen.add(form);
  for (const form of shuffled) if (chosen.size < Math.min(fewest, most)) chosen.add(form);
  return [...chosen];
}
