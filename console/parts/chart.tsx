import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useShared } from './context.ts';

export interface ChartPoint {
  /** Epoch ms. */
  readonly at: number;
  readonly value: number;
  readonly fires: boolean;
}

export interface ChartProps {
  /** For people who do not see it; the table below has the same values. */
  readonly label: string;
  /** In the order of time. */
  readonly points: readonly ChartPoint[];
  /** Levels that are drawn across. */
  readonly levels: readonly { readonly name: string; readonly value: number }[];
  readonly timeName: string;
  readonly valueName: string;
  readonly firedName: string;
}

/** A colour as the canvas takes it: the variable of the theme, computed. */
const computed = (host: HTMLElement, name: string): string => {
  const probe = document.createElement('span');
  probe.style.color = `var(${name})`;
  host.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
};

const height = 260;

/** A value over time with the points where a flow ran. */
export const Chart = ({ label, points, levels, timeName, valueName, firedName }: ChartProps) => {
  const host = useRef<HTMLDivElement>(null);
  const { formats } = useShared();
  useEffect(() => {
    const place = host.current;
    if (place === null || points.length === 0) return;
    let chart: uPlot | undefined;
    const draw = () => {
      chart?.destroy();
      const [ink, quiet, line, accent, bad] = ['--ink', '--quiet', '--line', '--accent', '--bad'].map(
        (name) => computed(place, name),
      );
      const axis = {
        stroke: quiet ?? '',
        grid: { stroke: line ?? '', width: 1 },
        ticks: { stroke: line ?? '' },
      };
      chart = new uPlot(
        {
          width: place.clientWidth,
          height,
          cursor: { drag: { x: false, y: false } },
          legend: { show: true },
          axes: [
            { ...axis, values: (_, times) => times.map((at) => formats.time(at * 1000)), space: 160 },
            { ...axis, values: (_, values) => values.map((value) => formats.number(value)), size: 80 },
          ],
          series: [
            { label: timeName, value: (_, at) => (at === null ? '–' : formats.time(at * 1000)) },
            {
              label: valueName,
              stroke: accent ?? '',
              width: 2,
              points: { show: points.length < 60, size: 5 },
              value: (_, value) => (value === null ? '–' : formats.number(value)),
            },
            {
              label: firedName,
              stroke: bad ?? '',
              paths: () => null,
              points: { show: true, size: 11, width: 2, fill: bad ?? '' },
              value: (_, value) => (value === null ? '–' : formats.number(value)),
            },
            ...levels.map(({ name }) => ({
              label: name,
              stroke: ink ?? '',
              dash: [6, 4],
              width: 1,
              points: { show: false },
              value: (_: uPlot, value: number | null) => (value === null ? '–' : formats.number(value)),
            })),
          ],
        },
        [
          points.map(({ at }) => at / 1000),
          points.map(({ value }) => value),
          points.map(({ value, fires }) => (fires ? value : null)),
          ...levels.map(({ value }) => points.map(() => value)),
        ],
        place,
      );
    };
    draw();
    const resized = new ResizeObserver(([entry]) =>
      chart?.setSize({ width: entry?.contentRect.width ?? place.clientWidth, height }),
    );
    resized.observe(place);
    const theme = matchMedia('(prefers-color-scheme: dark)');
    theme.addEventListener('change', draw);
    const chosen = new MutationObserver(draw);
    chosen.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    return () => {
      resized.disconnect();
      chosen.disconnect();
      theme.removeEventListener('change', draw);
      chart?.destroy();
    };
  }, [points, levels, timeName, valueName, firedName, formats]);
  return <div ref={host} class="chart" role="img" aria-label={label} />;
};
