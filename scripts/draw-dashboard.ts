/** docs/dashboard.svg: the dashboard as its definition in the template lays it out. */
import type { Json, Template } from '../local/template/template.ts';

interface Widget {
  readonly type: 'text' | 'alarm' | 'metric';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: {
    readonly title?: string;
    readonly markdown?: string;
    readonly alarms?: readonly string[];
    readonly metrics?: readonly (readonly unknown[])[];
    readonly annotations?: {
      readonly horizontal?: readonly { readonly value: number; readonly label?: string }[];
    };
  };
}

/** The text of a value whose references are replaced by the logical ids that they name. */
const textOf = (value: Json | undefined): string => {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return '';
  const { 'Fn::Join': join, Ref: ref, 'Fn::GetAtt': attribute } = value as Readonly<Record<string, Json>>;
  if (Array.isArray(join)) {
    const [, parts] = join;
    return Array.isArray(parts) ? parts.map(textOf).join('') : '';
  }
  if (Array.isArray(attribute)) return String(attribute[0]);
  return typeof ref === 'string' ? ref : '';
};

/** @throws Error when the template has no dashboard */
export const dashboardWidgets = ({ Resources }: Template): readonly Widget[] => {
  const dashboard = Object.values(Resources).find(({ Type }) => Type === 'AWS::CloudWatch::Dashboard');
  if (dashboard === undefined) throw new Error('The template has no dashboard.');
  const body = JSON.parse(textOf(dashboard.Properties?.DashboardBody)) as {
    readonly widgets: readonly Widget[];
  };
  return body.widgets;
};

/** Pixels of a column and of a row. */
const column = 50;
const row = 26;
const gap = 3;

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const cut = (text: string, pixels: number, perCharacter: number): string => {
  const most = Math.floor(pixels / perCharacter);
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
};

const label = (x: number, y: number, text: string, style: string) =>
  `<text x="${x}" y="${y}" class="${style}">${escaped(text)}</text>`;

/** The names of the lines of a graph: labels of metrics that are shown, and those that an expression is made of. */
const linesOf = ({ metrics = [] }: Widget['properties']): readonly string[] =>
  metrics.flatMap((metric) => {
    const last = metric.at(-1);
    const shown =
      typeof last === 'object' && last !== null ? (last as Readonly<Record<string, unknown>>) : {};
    return typeof shown.label === 'string' && shown.expression === undefined ? [shown.label] : [];
  });

const drawWidget = (widget: Widget, severity: string): readonly string[] => {
  const [x, y] = [widget.x * column + gap, widget.y * row + gap];
  const [width, height] = [widget.width * column - 2 * gap, widget.height * row - 2 * gap];
  const box = `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="3" class="box"/>`;
  const { title = '', markdown, alarms = [], annotations } = widget.properties;
  if (widget.type === 'text') {
    const [heading = '', ...text] = (markdown ?? '').split('\n');
    return [
      `<rect x="${x}" y="${y}" width="6" height="${height}" class="${severity}"/>`,
      label(x + 16, y + 20, heading.replace(/^#+ /, ''), 'heading'),
      label(x + 16, y + 38, text.join(' '), 'small'),
    ];
  }
  if (widget.type === 'alarm') {
    const [perRow, cell] = [4, (width - 16) / 4];
    return [
      box,
      label(x + 8, y + 18, title, 'title'),
      ...alarms.flatMap((alarm, index) => {
        const [left, top] = [x + 8 + (index % perRow) * cell, y + 28 + Math.floor(index / perRow) * row];
        return [
          `<rect x="${left}" y="${top}" width="${cell - 6}" height="20" rx="3" class="fine"/>`,
          label(left + 8, top + 14, alarm, 'small'),
        ];
      }),
    ];
  }
  const [threshold] = annotations?.horizontal ?? [];
  const names = linesOf(widget.properties);
  const [shown, more] = [names.slice(0, 2), names.length - 2];
  const middle = y + 44;
  return [
    box,
    label(x + 8, y + 18, title, 'title'),
    ...(threshold === undefined
      ? []
      : [
          `<line x1="${x + 8}" y1="${middle}" x2="${x + width - 8}" y2="${middle}" class="threshold"/>`,
          label(x + 10, middle - 4, `threshold ${threshold.value.toLocaleString('en')}`, 'small'),
        ]),
    `<line x1="${x + 8}" y1="${y + height - 36}" x2="${x + width - 8}" y2="${y + height - 36}" class="axis"/>`,
    label(
      x + 8,
      y + height - 20,
      cut(`${shown.join(' · ')}${more > 0 ? ` and ${more} more` : ''}`, width - 16, 5.4),
      'small',
    ),
  ];
};

/** @returns the SVG; graphs show their thresholds and the names of their lines, and no data */
export const drawDashboard = (template: Template): string => {
  const widgets = dashboardWidgets(template);
  const height = Math.max(...widgets.map((widget) => widget.y + widget.height)) * row;
  let severity = '';
  const drawn = widgets.flatMap((widget) => {
    if (widget.type === 'text') severity = /^## (\w+)/.exec(widget.properties.markdown ?? '')?.[1] ?? '';
    const names = widget.properties.alarms?.map(
      (id) =>
        Object.entries(template.Resources).find(([logical]) => logical === id)?.[1].Properties?.AlarmName,
    );
    return drawWidget(
      names === undefined
        ? widget
        : {
            ...widget,
            properties: {
              ...widget.properties,
              alarms: names.map((name) => textOf(name).split('-').at(-1) ?? ''),
            },
          },
      severity,
    );
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${24 * column} ${height}" font-family="sans-serif">`,
    '<title>The dashboard, by severity</title>',
    '<style>.box{fill:#fff;stroke:#c6ccd2}.heading{font-size:17px;font-weight:bold}.title{font-size:12px;font-weight:bold}.small{font-size:10px;fill:#414d5c}.threshold{stroke:#d13212;stroke-dasharray:5 3}.axis{stroke:#c6ccd2}.fine{fill:#e9f6ec;stroke:#1d8102}.critical{fill:#d13212}.high{fill:#ff9900}.low{fill:#0972d3}</style>',
    `<rect width="${24 * column}" height="${height}" fill="#f2f3f3"/>`,
    ...drawn,
    '</svg>',
    '',
  ].join('\n');
};
