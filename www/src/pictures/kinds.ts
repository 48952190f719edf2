import type { Picture } from './draw.ts';

export type RowCell = string | number | null;

/** The table behind a picture. */
export interface Rows {
  head: string[];
  body: RowCell[][];
  format(cell: RowCell, place: number): string;
}

export type Legend = { label: string; colour: string; value: string }[];

export interface FigureProps {
  title: string;
  about: string;
  picture: Picture;
  rows: Rows;
  legend?: Legend;
  wide?: boolean;
}
