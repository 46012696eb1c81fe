/** docs/designer.md: every operation that makers see, as the flow designer shows it. */
import type { CanonicalConnector } from '../canonical/connector.ts';
import { designerViews } from './designer.ts';
import { designerText } from './designer-text.ts';

export const designerReference = (connector: CanonicalConnector): string =>
  `${[
    '# In the flow designer',
    'This page shows how the designer displays each operation, based on the generated definition: the fields in order\n' +
      '(`*`: required), the source of each drop-down, the fields under "Show advanced options", and the values that later\n' +
      'steps may use (⚡: known only after a choice in the designer).\n' +
      '`npx insights-connector docs --designer <operation>` prints one operation.',
    ...designerViews(connector).map((view) => `\`\`\`text\n${designerText(view)}\n\`\`\``),
    '`npm run generate` writes this file; `npm run generate:check` fails if it is out of date.',
  ].join('\n\n')}\n`;
