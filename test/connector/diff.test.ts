import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareConnectors } from '../../connector/diff/compare-connectors.ts';
import { type CommandOutput, DeployedUnavailable, readDeployed } from '../../connector/diff/deployed.ts';
import { reportData, reportText } from '../../connector/diff/report.ts';
import { type Files, handMade, loaded, ourFiles, smallConnector } from './diff-changes.ts';

const compare = (deployed: Files, generated: Files) => compareConnectors(loaded(deployed), loaded(generated));

const changed = (make: (files: Files) => void): Files => {
  const files = smallConnector();
  make(files);
  return files;
};

/** What m365 leaves of apiProperties.json. */
const exported = ({ definition, properties }: Files): Files => {
  const { connectionParameters, iconBrandColor, capabilities, policyTemplateInstances } = properties;
  return {
    definition,
    properties: { connectionParameters, iconBrandColor, capabilities, policyTemplateInstances },
  };
};

describe('a change made by hand', () => {
  it.each(handMade)('$what is $class ($rule)', ({ class: expected, rule, says, make }) => {
    const { changes } = compare(smallConnector(), changed(make));
    expect(changes.map((change) => [change.class, change.rule])).toEqual([[expected, rule]]);
    expect(changes[0]?.text).toMatch(says);
    expect(changes[0]?.text).toMatch(/^[A-Zx].*\.$/);
  });

  it.each(handMade)('$what is no silent change the other way round', ({ make }) => {
    expect(compare(changed(make), smallConnector()).changes.length).toBeGreaterThan(0);
  });
});

describe('no difference', () => {
  it('is found between our files and themselves', () => {
    expect(compare(ourFiles(), ourFiles()).changes).toEqual([]);
  });

  it('is found in any connector and itself, whatever was changed in it', () => {
    fc.assert(
      fc.property(fc.subarray([...handMade]), (selection) => {
        const files = () =>
          changed((made) => {
            for (const { make } of selection) {
              // Some changes need what an earlier one has taken away; the rest still gives a connector.
              try {
                make(made);
              } catch (error) {
                if (!(error instanceof TypeError)) throw error;
              }
            }
          });
        expect(compare(files(), files()).changes).toEqual([]);
      }),
    );
  });

  it('is made by the order of keys, of lists without order, and of definitions', () => {
    const reversed = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(reversed);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, inner]) => [
            key,
            ['required', 'enum'].includes(key) && Array.isArray(inner)
              ? [...inner].reverse()
              : reversed(inner),
          ]),
      );
    };
    expect(compare(ourFiles(), reversed(ourFiles()) as Files).changes).toEqual([]);
  });

  it('is made by a byte order mark', () => {
    expect(compareConnectors(loaded(ourFiles(), '\uFEFF'), loaded(ourFiles())).changes).toEqual([]);
  });

  it('is made by writing defaults and empty things out, or schemas in place of references', () => {
    const files = changed(({ definition, properties }) => {
      const page = definition.definitions.OrderPage;
      page.properties.value.items = definition.definitions.Order;
      definition.paths['/shops/{shop}/orders'].get.responses[200].schema = page;
      delete definition.definitions.OrderPage;
      delete definition.paths['/shops/{shop}/orders'].get.parameters[0]['x-ms-url-encoding'];
      definition.paths['/shops/{shop}/orders'].get['x-ms-visibility'] = '';
      definition.paths['/shops/{shop}/orders'].get.deprecated = false;
      definition.paths['/shops/{shop}/orders'].get.tags = [];
      definition.paths['/shops/{shop}/orders'].get.consumes = ['application/json'];
      definition.paths['/shops/{shop}/orders'].parameters = [
        definition.paths['/shops/{shop}/orders'].get.parameters.shift(),
      ];
      definition.parameters = { top: definition.paths['/shops/{shop}/orders'].get.parameters.pop() };
      definition.paths['/shops/{shop}/orders'].get.parameters.push({ $ref: '#/parameters/top' });
      definition.responses = {};
      definition.tags = [];
      definition.basePath = '/v1/';
      definition.host = 'Orders.Example.com';
      properties.policyTemplateInstances[0].parameters['x-ms-apimTemplateParameter.existsAction'] =
        'override';
      properties.policyTemplateInstances[0].templateId = 'SetHeader';
      properties.iconBrandColor = '#004E8C';
    });
    expect(compare(smallConnector(), files).changes).toEqual([]);
  });

  it('is made by what the platform adds to the sign-in', () => {
    const deployed = changed(({ properties }) => {
      const settings = properties.connectionParameters.token.oAuthSettings;
      settings.redirectUrl = 'https://global.consent.azure-apim.net/redirect/orders-5f0027f520b23e81c1';
      settings.clientId = null;
      settings.properties = { IsFirstParty: 'False', IsOnbehalfofLoginSupported: true };
    });
    expect(compare(deployed, smallConnector()).changes).toEqual([]);
  });
});

describe('several changes', () => {
  it('are told apart, breaking first', () => {
    const files = changed(({ definition }) => {
      definition.info.title = 'Shipments';
      definition.definitions.Order.properties.currency = { type: 'string' };
      delete definition.paths['/shops'];
    });
    expect(compare(smallConnector(), files).changes.map((change) => change.class)).toEqual([
      'breaking',
      'compatible',
      'cosmetic',
    ]);
  });

  it('below a renamed operation are found too', () => {
    const files = changed(({ definition }) => {
      definition.paths['/shops/{shop}/orders'].get.operationId = 'GetOrders';
      definition.paths['/shops/{shop}/orders'].get.parameters.splice(2, 1);
    });
    expect(compare(smallConnector(), files).changes.map(({ rule }) => rule)).toEqual([
      'operation-renamed',
      'input-removed',
    ]);
  });

  it('of two inputs with one label are not guessed to be renames', () => {
    const twins = (names: readonly string[]) =>
      changed(({ definition }) => {
        definition.paths['/shops/{shop}/orders'].get.parameters.push(
          ...names.map((name) => ({ name, in: 'query', type: 'string', 'x-ms-summary': 'Date' })),
        );
      });
    expect(compare(twins(['from', 'to']), twins(['since', 'until'])).changes.map(({ rule }) => rule)).toEqual(
      ['input-removed', 'input-removed', 'input-added', 'input-added'],
    );
  });
});

describe('an export of m365', () => {
  it('gives no difference for what it drops, but says that it cannot be compared', () => {
    const { changes, notComparable } = compare(exported(ourFiles()), ourFiles());
    expect(changes).toEqual([]);
    expect(notComparable.join('\n')).toMatch(
      /connectionParameterSets[\s\S]*scriptOperations[\s\S]*publisher[\s\S]*stackOwner[\s\S]*script\.csx/,
    );
  });

  it('still gives the differences of what it holds', () => {
    const files = exported(
      changed(({ properties }) => {
        properties.policyTemplateInstances = [];
      }),
    );
    expect(compare(files, smallConnector()).changes.map(({ rule }) => rule)).toEqual([
      'policy-added',
      'policy-added',
    ]);
  });

  it('differs from a complete folder, whose parameter sets and code are compared', () => {
    const deployed = changed(({ properties }) => {
      properties.scriptOperations = ['ListOrders'];
      properties.connectionParameterSets = { values: [{ name: 'key', parameters: {} }] };
    });
    const { changes, notComparable } = compare(deployed, smallConnector());
    expect(changes.map((change) => [change.class, change.rule])).toEqual([
      ['breaking', 'parameter-set'],
      ['breaking', 'script'],
    ]);
    expect(notComparable).toEqual(['icon']);
  });
});

describe('reports', () => {
  const comparison = compare(
    exported(smallConnector()),
    changed(({ definition }) => {
      delete definition.paths['/shops'];
    }),
  );

  it('name the operation as a maker sees it', () => {
    expect(reportText(comparison, 'exported')).toMatch(
      /^The generated connector against exported: 1 breaking, 0 compatible, 0 cosmetic\.\n\nBreaking.*\n {2}List shops \(ListShops\)\n {4}- It was removed\..*\n\nNot comparable/,
    );
  });

  it('are JSON with counts, for scripts', () => {
    expect(reportData(comparison, 'exported')).toMatchObject({
      source: 'exported',
      counts: { breaking: 1, compatible: 0, cosmetic: 0 },
      changes: [{ class: 'breaking', rule: 'operation-removed', operation: { operationId: 'ListShops' } }],
    });
  });
});

describe('the deployed connector', () => {
  const name = { environment: 'Default-1', name: 'shared_orders' };

  it('is read from what m365 exports', async () => {
    const commands: string[] = [];
    const connector = await readDeployed(name, async (command, options): Promise<CommandOutput> => {
      commands.push(command);
      expect(options).toMatchObject({ environmentName: 'Default-1', name: 'shared_orders' });
      const folder = join(options.outputFolder ?? '', 'shared_orders');
      mkdirSync(folder);
      const { definition, properties } = exported(smallConnector());
      writeFileSync(join(folder, 'apiDefinition.swagger.json'), `\uFEFF${JSON.stringify(definition)}`);
      writeFileSync(join(folder, 'apiProperties.json'), JSON.stringify({ properties }));
      return { stdout: '', stderr: '' };
    });
    expect(commands).toEqual(['pa connector export']);
    expect(compareConnectors(connector, loaded(smallConnector())).changes).toEqual([]);
  });

  it.each([
    [
      'nobody is signed in',
      { error: { message: 'Log in to Microsoft 365 first' } },
      /first\. Run `npx m365 setup` once.*m365 login/,
    ],
    [
      'the name is not resolved',
      new Error('getaddrinfo ENOTFOUND login.microsoftonline.com'),
      /ENOTFOUND login.*network and proxy/,
    ],
    [
      'a proxy replaces certificates',
      new Error('self-signed certificate in certificate chain'),
      /self-signed.*NODE_EXTRA_CA_CERTS/,
    ],
    ['the sign-in has expired', new Error('AADSTS700082: expired'), /AADSTS700082.*m365 logout/],
    ['consent is missing', new Error('AADSTS65001: no consent'), /AADSTS65001.*administrator has to consent/],
    ['access is conditional', new Error('AADSTS53003: blocked'), /AADSTS53003.*Conditional access/],
    ['the tool has no application', new Error('AADSTS700016: not found'), /AADSTS700016.*npx m365 setup/],
    [
      'it does not exist',
      new Error('The API was not found.'),
      /not found.*connector list --environmentName Default-1/,
    ],
  ])('when %s, says what to run', async (_, failure, says) => {
    const reading = readDeployed(name, () => Promise.reject(failure));
    await expect(reading).rejects.toBeInstanceOf(DeployedUnavailable);
    await expect(reading).rejects.toThrow(says);
  });

  it('without a definition in the export, says how to get it another way', async () => {
    await expect(
      readDeployed(name, async (_, { outputFolder }) => {
        mkdirSync(join(outputFolder ?? '', 'shared_orders'));
        return { stdout: '', stderr: '' };
      }),
    ).rejects.toThrow(/no apiDefinition\.swagger\.json.*--from/);
  });
});
