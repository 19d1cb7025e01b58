import type { DatabaseFile } from '../geo/database-file.ts';
import { watchDatabase } from '../geo/database-watch.ts';
import { CertificateKeeper } from './certificate-keeper.ts';
import { watchCertificates } from './certificate-watch.ts';
import type { Control } from './control.ts';
import type { EdgeThreads } from './edge-threads.ts';
import type { PemTexts } from './pem-files.ts';
import type { GeoBytes } from './protocol.ts';

export type FileWatchesDeps = {
  readonly threads: Pick<EdgeThreads, 'swapGeo'>;
  /** The geo database in use. */
  readonly geo: DatabaseFile;
  readonly wallMs: () => number;
  /** Has everybody show and trust other certificates. */
  readonly show: (pem: PemTexts) => void;
};

/** Watches the files that are taken up when they change, beside the configuration: the geo database and certificates. */
export function watchFiles(
  control: Control,
  { threads, geo, wallMs, show }: FileWatchesDeps,
): { readonly close: () => void } {
  const { current, loops } = control;
  const keeper = new CertificateKeeper({ current, emit: loops.emit, wallMs, apply: show });
  const certificates = watchCertificates({ files: () => keeper.files(), look: () => keeper.look() });
  control.onEvent(({ type }) => {
    if (type === 'acme-obtained') certificates.stir();
  });
  const watches = [watchGeo(control, threads, geo), certificates];
  return {
    close: () => {
      for (const one of watches) one.close();
    },
  };
}

function watchGeo({ current, loops: { emit } }: Control, threads: FileWatchesDeps['threads'], geo: DatabaseFile) {
  return watchDatabase({
    choice: current.topology.geoDatabase,
    current: geo,
    onSwap: (next) => {
      const { file, database } = next;
      current.geo = database;
      threads.swapGeo(geoBytes(next));
      emit({ type: 'geo-swapped', file, builtAtMs: database.builtAtMs });
    },
    onReject: (error) => emit({ type: 'geo-rejected', file: current.topology.geoDatabase, error: error.message }),
  });
}

/** The database as the edge threads are given it. */
export function geoBytes({ file, bytes, database: { kind } }: DatabaseFile): GeoBytes {
  return { file, bytes, kind };
}
