import { type ControlActions, done, target } from './action.ts';
import { needed } from './arguments.ts';

/** Segments and measures themselves. */
export const objectActions: ControlActions = {
  addSegment: {
    text: 'A new segment without evaluations',
    example: { segment: 'NewSegment', count: 10 },
    run: (world, body) =>
      done(
        target(world, body).addSegment(needed(body, 'segment', 'string'), needed(body, 'count', 'number')),
      ),
  },
  removeSegment: {
    text: 'Deletes a segment',
    example: { segment: 'SpringCampaign' },
    run: (world, body) => done(target(world, body).removeSegment(needed(body, 'segment', 'string'))),
  },
  setSegmentActive: {
    text: 'Activates or deactivates a segment',
    example: { segment: 'LoyaltyGold', active: false },
    run: (world, body) =>
      done(
        target(world, body).setSegmentActive(
          needed(body, 'segment', 'string'),
          needed(body, 'active', 'boolean'),
        ),
      ),
  },
  renameSegment: {
    text: 'Gives a segment another display name',
    example: { segment: 'LoyaltyGold', friendlyName: 'Gold' },
    run: (world, body) =>
      done(
        target(world, body).renameSegment(
          needed(body, 'segment', 'string'),
          needed(body, 'friendlyName', 'string'),
        ),
      ),
  },
  renameMeasure: {
    text: 'Gives a measure another display name',
    example: { measure: 'TotalRevenue', displayName: 'Revenue' },
    run: (world, body) =>
      done(
        target(world, body).renameMeasure(
          needed(body, 'measure', 'string'),
          needed(body, 'displayName', 'string'),
        ),
      ),
  },
  addScalarMeasure: {
    text: 'A new business measure without a dimension',
    example: { measure: 'OpenOrders', value: '12' },
    run: (world, body) =>
      done(
        target(world, body).addScalarMeasure(
          needed(body, 'measure', 'string'),
          needed(body, 'value', 'string'),
        ),
      ),
  },
  removeMeasure: {
    text: 'Deletes a measure',
    example: { measure: 'RevenueByChannel' },
    run: (world, body) => done(target(world, body).removeMeasure(needed(body, 'measure', 'string'))),
  },
  addDimension: {
    text: 'Adds a dimension, so that a scalar stops being one',
    example: { measure: 'AverageOrderValue', field: 'Country' },
    run: (world, body) =>
      done(
        target(world, body).addDimension(needed(body, 'measure', 'string'), needed(body, 'field', 'string')),
      ),
  },
};
