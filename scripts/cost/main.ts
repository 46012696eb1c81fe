/** `npm run cost`: the cost of a month for numbers of your own. */
import { wholeOf } from '../../bin/commands/command.ts';
import { scriptOptions } from '../../bin/commands/run.ts';
import { priceDate, priceRegion } from '../../lib/prices.ts';
import { defaultSettings } from './model.ts';
import { month } from './month.ts';
import { flowMonth, sizes, sizeText } from './sizes.ts';
import { plus, usdOf } from './units.ts';

const { alarms, ...load } = scriptOptions(
  {
    name: 'npm run cost --',
    summary: 'Print what a deployment costs in a month',
    options: [
      { flags: '--instances <count>', description: 'Instances that are polled', default: '1' },
      { flags: '--flows <count>', description: 'Flows that wait for events, or call actions', default: '10' },
      {
        flags: '--events <count>',
        description: 'Events of a flow in a month',
        default: String(flowMonth.deliveriesPerFlow),
      },
      {
        flags: '--calls <count>',
        description: 'Calls of actions of a flow in a month',
        default: String(flowMonth.callsPerFlow),
      },
      {
        flags: '--together <count>',
        description: 'Flows that wait for the same event, 1 to 10',
        default: '1',
      },
      { flags: '--no-alarms', description: 'Without alarms and dashboard' },
    ],
    examples: ['--instances 20 --flows 300 --events 50 --calls 400'],
  },
  (values) => ({
    ...sizes.small,
    instances: wholeOf(values, 'instances') ?? 0,
    subscriptions: wholeOf(values, 'flows') ?? 0,
    deliveriesPerFlow: wholeOf(values, 'events') ?? 0,
    callsPerFlow: wholeOf(values, 'calls') ?? 0,
    together: Math.min(10, Math.max(1, wholeOf(values, 'together') ?? 1)),
    alarms: values.alarms !== false,
  }),
);

const parts = month(load, { ...defaultSettings, alarms });
const inUsd = (value: number) => Number(value.toFixed(2));
console.log(`${sizeText(load)}; USD a month ${`at the list prices of ${priceRegion}, ${priceDate}`}`);
console.table({
  ...Object.fromEntries(Object.entries(parts).map(([name, units]) => [name, { USD: inUsd(usdOf(units)) }])),
  'A month': { USD: inUsd(usdOf(plus(...Object.values(parts)))) },
});
