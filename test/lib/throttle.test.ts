/** How many calls the API lets through. */
import { afterAll, expect, it } from 'vitest';
import { mostCallsPerSecond } from '../../config/stack-options.ts';
import { deployedTemplate, resourcesOf } from './deployed.ts';
import { createFunctionsFolder } from './functions-folder.ts';

const functions = createFunctionsFolder();
afterAll(functions.remove);

it('is what the configuration says, and by default what it was', () => {
  const settings = (throttle?: object) =>
    resourcesOf(
      deployedTemplate(functions.path, throttle ? { throttle } : {}),
      'AWS::ApiGatewayV2::Stage',
    ).map(({ DefaultRouteSettings }) => DefaultRouteSettings);
  const stage = (rate: number, burst: number) => [{ ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst }];
  expect(settings()).toEqual(stage(500, 1_000));
  expect(settings({ callsPerSecond: 2_000 })).toEqual(stage(2_000, 1_000));
  expect(settings({ callsPerSecond: 2_000, burst: 4_000 })).toEqual(stage(2_000, 4_000));
  expect(() => settings({ callsPerSecond: mostCallsPerSecond + 1 })).toThrow(
    /throttle\.callsPerSecond.*5000/,
  );
});
