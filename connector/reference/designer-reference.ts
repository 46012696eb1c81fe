/** docs/designer.md: every operation that makers see, as the flow designer shows it. */
import type { CanonicalConnector } from '../canonical/connector.ts';
import { designerViews } from './designer.ts';
import { designerText } from './designer-text.ts';

export const designerReference = (connector: CanonicalConnector): string =>
  `${[
    '# In the flow designer',
    'How the designer shows each operation, read from the generated definition: the fields in their order (`*`: has to be ' +
      'given), where a drop-down gets its choices, what is behind "Show advanced options", and what later steps may use ' +
      '(⚡: known only once the maker has chosen). `npx insights-connector docs --designer <operation>` prints one of them.',
    ...designerViews(connector).map((view) => `\`\`\`text\n${designerText(view)}\n\`\`\``),
    'This file is made by `npm run generate`; `npm run generate:check` fails when it has drifted.',
  ].join('\n\n')}\n`;
