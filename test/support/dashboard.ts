import { readFileSync } from 'node:fs';

export type Panel = {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly expr: string; readonly legendFormat?: string }[];
  /** Of a row that is folded. */
  readonly panels?: readonly Panel[];
};

/** The panels of the dashboard for Grafana, those in folded rows too; rows are left out. */
export function dashboardPanels(): readonly Panel[] {
  const file = new URL('../../config/grafana/meridian.json', import.meta.url);
  const { panels } = JSON.parse(readFileSync(file, 'utf8')) as { readonly panels: readonly Panel[] };
  return panels.flatMap((panel) => (panel.type === 'row' ? (panel.panels ?? []) : [panel]));
}

/** Each query of it, with the panel that it is of. */
export function dashboardQueries(): readonly { readonly title: string; readonly expr: string }[] {
  return dashboardPanels().flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ title, expr })));
}
