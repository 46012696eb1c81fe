/** icon.png: what certification says about it. */
import { PNG } from 'pngjs';
import type { Connector } from '../connector.ts';
import { member, textOf } from '../positioned-json.ts';
import type { Report } from '../report.ts';
import { rule, sources } from '../rule.ts';

type GroupReport = Report<keyof typeof iconRules>;

const { submission, independent } = sources;

export const iconRules = {
  IconNotPng: rule('error', 'icon.png is a PNG.', 'Save the icon as PNG.', submission),
  IconNotSquare: rule(
    'warning',
    'The icon is square.',
    'Draw it on a square of about 230 by 230 pixels.',
    submission,
  ),
  IconSizeUnusual: rule(
    'info',
    'The icon has about 230 by 230 pixels.',
    'Draw it on a square of about 230 by 230 pixels, the logo about 160.',
    submission,
  ),
  IconTransparent: rule(
    ['info', 'warning', 'warning'],
    'The background of the icon is opaque.',
    'Fill the background with the brand colour.',
    submission,
  ),
  IconBackgroundRefused: rule(
    ['info', 'warning', 'warning'],
    'The background of the icon is neither white nor the blue of the platform.',
    'Use the brand colour.',
    submission,
  ),
  IconBackgroundDiffers: rule(
    ['info', 'warning', 'warning'],
    'The background of the icon has the brand colour.',
    'Draw it in iconBrandColor, or correct iconBrandColor.',
    submission,
  ),
  IconNotForIndependent: rule(
    ['off', 'off', 'warning'],
    'An independent publisher sends no icon.',
    'Remove icon.png.',
    independent,
  ),
} as const;

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Pixels; a larger one is not decoded. */
const largest = 4_000_000;

const sizeOf = (content: Uint8Array): { readonly width: number; readonly height: number } | undefined => {
  if (content.length < 33 || !signature.every((byte, at) => content[at] === byte)) return undefined;
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  return { width: view.getUint32(16), height: view.getUint32(20) };
};

const decode = (content: Uint8Array): Uint8Array | undefined => {
  try {
    return PNG.sync.read(Buffer.from(content)).data;
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
};

const hex = (pixels: Uint8Array, at: number): string =>
  `#${[0, 1, 2].map((part) => (pixels[at + part] ?? 0).toString(16).padStart(2, '0')).join('')}`;

/** Whether two colours look the same: a rounding of the drawing program is the same colour. */
const alike = (one: string, other: string): boolean =>
  [1, 3, 5].every(
    (at) =>
      Math.abs(Number.parseInt(one.slice(at, at + 2), 16) - Number.parseInt(other.slice(at, at + 2), 16)) <=
      6,
  );

export const checkIcon = ({ icon, properties }: Connector, report: GroupReport): void => {
  if (icon === undefined) return;
  const place = { offset: 0 };
  report('IconNotForIndependent', place, 'There is an icon.');
  const size = sizeOf(icon.content);
  if (size === undefined) {
    report('IconNotPng', place, 'The file is not a PNG.');
    return;
  }
  const { width, height } = size;
  if (width !== height) report('IconNotSquare', place, `The icon has ${width} by ${height} pixels.`);
  else if (width < 100 || width > 500)
    report('IconSizeUnusual', place, `The icon has ${width} by ${height} pixels.`);
  if (width * height > largest || width * height === 0) return;
  const pixels = decode(icon.content);
  if (pixels === undefined) {
    report('IconNotPng', place, 'The PNG cannot be decoded.');
    return;
  }
  const corners = [0, width - 1, (height - 1) * width, height * width - 1].map((pixel) => pixel * 4);
  if (corners.some((at) => (pixels[at + 3] ?? 0) < 255)) {
    report('IconTransparent', place, 'A corner of the icon is transparent.');
    return;
  }
  const colors = new Set(corners.map((at) => hex(pixels, at)));
  const [background] = colors;
  if (colors.size !== 1 || background === undefined) return;
  if (background === '#ffffff' || background === '#007ee5')
    report('IconBackgroundRefused', place, `The background is ${background}.`);
  const brand = textOf(member(properties, 'iconBrandColor'))?.toLowerCase();
  if (brand && /^#[0-9a-f]{6}$/.test(brand) && !alike(background, brand))
    report('IconBackgroundDiffers', place, `The background is ${background}, iconBrandColor ${brand}.`);
};
