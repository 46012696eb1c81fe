import { describe, expect, it } from 'vitest';
import { exampleCallbackUrl } from '../../connector/contract/example.ts';
import { operations } from '../../connector/contract/index.ts';
import {
  compileAnswerValidators,
  compileValidators,
  validatorModules,
} from '../../connector/contract/validation.ts';

const validators = { ...compileValidators('subscriptions'), ...compileValidators('proxy') };

describe('the request checks', () => {
  it.each(operations.map((operation) => [operation.operationId, operation] as const))(
    '%s accepts its own example',
    (operationId, { example }) => {
      const { path, query, body } = validators[operationId];
      const request = structuredClone(example);
      path(request.path);
      query(request.query);
      body?.(request.body);
      expect([path.errors, query.errors, body?.errors ?? null]).toEqual([null, null, null]);
      expect(body === null).toBe(example.body === null);
    },
  );

  it('name every problem of a body at once', () => {
    const { body } = validators.OnSegmentThresholdCrossed;
    expect(body?.({ threshold: '12', color: 'red' })).toBe(false);
    expect(body?.errors?.map(({ keyword }) => keyword).sort()).toEqual([
      'additionalProperties',
      'required',
      'required',
      'type',
    ]);
  });

  it('convert nothing', () => {
    expect(validators.GetItems.query({ $top: 100 })).toBe(true);
    expect(validators.GetItems.query({ $top: '100' })).toBe(false);
    const body = { callbackUrl: exampleCallbackUrl, segment: 'A', threshold: '100' };
    expect(validators.OnSegmentThresholdCrossed.body?.(body)).toBe(false);
  });

  it.each([[-1], [0], [1.5], ['ten'], ['']])('refuse $top=%s', ($top) => {
    expect(validators.GetItems.query({ $top })).toBe(false);
  });

  it('have the same source each time', () => {
    for (const name of ['subscriptions', 'proxy'] as const)
      expect([...validatorModules(name)]).toEqual([...validatorModules(name)]);
  });
});

describe('the answer checks', () => {
  const answers = compileAnswerValidators();

  it('admit null only where the contract says so', () => {
    const segment = {
      ownerEmail: null,
      lastEditor: null,
      link: 'https://example.com/segment',
      name: 'A',
      displayName: 'A',
      countedAt: null,
      status: 'skipped',
      isActive: false,
    };
    const segments = (memberCount: unknown) => ({ value: [{ ...segment, memberCount }] });
    expect(answers.ListSegments.response?.(segments(null))).toBe(true);
    expect(answers.ListSegments.response?.(segments('3'))).toBe(false);
    expect(answers.ListInstances.response?.({ value: [{ instanceId: null, name: 'A' }] })).toBe(false);
  });

  it('exist for every answer and notification of the contract', () => {
    for (const { operationId, response, notification } of operations) {
      expect(answers[operationId].response === null).toBe(response.schema === null);
      expect(answers[operationId].notification === null).toBe(notification === null);
    }
  });
});
