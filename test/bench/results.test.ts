/** What the benchmark makes of its measurements: medians, ratios of rounds side by side, and shapes of growth. */

import { describe, expect, it } from 'vitest';
import type { Round } from '../../bench/load/load.js';
import { contestResult, contestText } from '../../bench/results/contest.js';
import { type Growth, growthText, shapeOf } from '../../bench/results/growth.js';
import { percentile, ratios, ratioText, spread } from '../../bench/results/spread.js';

describe('a spread', () => {
  it('has the middle of the numbers and their bounds, whatever their order', () => {
    expect(spread([10, 9, 100])).toEqual({ median: 10, min: 9, max: 100 });
  });

  it('has the mean of the two in the middle where there are as many on both sides', () => {
    expect(spread([4, 1, 3, 100])).toEqual({ median: 3.5, min: 1, max: 100 });
  });
});

describe('a percentile', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => index + 1);

  it.each([
    ['half of a hundred', hundred, 0.5, 50],
    ['99 of a hundred', hundred, 0.99, 99],
    ['99 of a hundred, of ten', hundred.slice(0, 10), 0.99, 10],
    ['none, of a few', [7, 8], 0, 7],
  ])('is the number that %s do not exceed', (_, numbers, share, expected) => {
    expect(percentile(numbers, share)).toBe(expected);
  });
});

describe('ratios', () => {
  it('are of numbers side by side: not of the medians', () => {
    expect(ratios([1, 20, 9], [1, 10, 90])).toEqual({ median: 1, min: 0.1, max: 2 });
  });

  it('leave out what stands beside nothing', () => {
    expect(ratios([1, 2, 3], [2])).toEqual({ median: 0.5, min: 0.5, max: 0.5 });
  });

  it('are written with their bounds', () => {
    expect(ratioText({ median: 0.8, min: 0.75, max: 12 })).toBe('0.80 (0.75–12.00)');
  });
});

describe('a contest', () => {
  const round = (requestsPerSecond: number, p99: number, processor: number): Round => {
    return { requestsPerSecond, p50: 1, p99, processor, busy: 1 };
  };
  const rounds = new Map([
    ['floor', [round(100, 1, 10), round(200, 2, 5)]],
    ['mock', [round(50, 3, 20), round(100, 6, 10)]],
  ]);

  it('divides its subject by each other server: by speed, by p99, and by processor time turned over', () => {
    const { standings } = contestResult('', { subject: 'mock', direction: 'subject-by-each' }, rounds);
    expect(standings.map(({ server }) => server)).toEqual(['floor', 'mock']);
    expect(standings[0]?.ratios).toEqual({
      speed: { median: 0.5, min: 0.5, max: 0.5 },
      p99: { median: 3, min: 3, max: 3 },
      byProcessor: { median: 0.5, min: 0.5, max: 0.5 },
    });
  });

  it('divides each server by its subject, where it says so', () => {
    const { standings } = contestResult('', { subject: 'floor', direction: 'each-by-subject' }, rounds);
    expect(standings[1]?.ratios.speed.median).toBe(0.5);
    expect(standings[1]?.ratios.p99.median).toBe(3);
  });

  it('is a table that has no ratio of the subject to itself', () => {
    const result = contestResult('A call', { subject: 'mock', direction: 'subject-by-each' }, rounds);
    const [title, , head, , floor, mock] = contestText(result).split('\n');
    expect(title).toBe('### A call');
    expect(head).toContain('Speed: mock / this');
    expect(floor).toBe(
      '| floor | 150 | 1.00 | 1.50 | 7.50 | 100 % | 0.50 (0.50–0.50) | 3.00 (3.00–3.00) | 0.50 (0.50–0.50) |',
    );
    expect(mock).toBe('| mock | 75 | 1.00 | 4.50 | 15.0 | 100 % |  |  |  |');
  });
});

describe('growth', () => {
  it.each([
    ['flat', [5, 5.2, 4.9, 5]],
    ['less than linear', [1, 2, 4, 12]],
    ['linear', [1, 2, 10, 100]],
    ['more than linear', [1, 2, 10, 316]],
    ['quadratic', [1, 2, 10, 1000]],
    ['more than quadratic', [1, 2, 10, 10_000]],
  ])('is %s by its last step', (shape, times) => {
    expect(shapeOf(times)).toBe(shape);
  });

  it('is held against the sizes that were measured', () => {
    expect(shapeOf([1, 1, 10, 50], [1, 10, 100, 500])).toBe('linear');
  });

  it('has no shape where its last step was not measured', () => {
    expect(shapeOf([1, 2, 10, undefined])).toBe('');
    expect(shapeOf([])).toBe('');
  });

  it('is a row of times, each over the one before', () => {
    const of = (median: number): Growth['times'][number] => ({ median, min: median, max: median });
    const growth = { what: 'a start', unit: 'ms', times: [of(100), of(110), undefined, of(1000)] };
    expect(growthText([growth]).split('\n').at(-1)).toBe(
      '| a start | 100 ms | 110 ms (×1.10) | not measured | 1,000 ms |  |',
    );
    const other = { ...growth, times: [of(1), of(1), of(1), of(5)], at: [1, 10, 100, 500] };
    expect(growthText([other]).split('\n').at(-1)).toContain('| 5.00 ms (×5.00) at 500 | linear |');
  });
});
