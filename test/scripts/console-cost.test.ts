import { expect, it } from 'vitest';
import { consoleCost, idleMonth, idleTarget, openHour } from '../../scripts/console-cost.ts';

it('the console costs nothing while no user opens it, and little while one does', () => {
  expect(idleMonth()).toBeLessThanOrEqual(idleTarget);
  expect(openHour()).toBeLessThan(0.05);
  expect(consoleCost()).toContain(openHour().toFixed(3));
});
