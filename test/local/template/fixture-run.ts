import type { LocalClock } from '../../../local/clock.ts';
import type { LogLine } from '../../../local/template/functions.ts';
import {
  type Deployment,
  type RunTemplateOptions,
  runTemplate,
} from '../../../local/template/run-template.ts';
import type { FixtureAssets } from './fixture-asset.ts';

/** Runs a small template with its bundles. @param parts `lines` takes what the functions write */
export const runFixture = (
  template: RunTemplateOptions['template'],
  parts: { readonly assets: FixtureAssets; readonly clock: LocalClock; readonly lines: LogLine[] },
  options: Partial<RunTemplateOptions> = {},
): Promise<Deployment> =>
  runTemplate({
    template,
    assetDirectory: (key) => parts.assets.directory(key),
    clock: parts.clock,
    log: (line) => parts.lines.push(line),
    ...options,
  });
