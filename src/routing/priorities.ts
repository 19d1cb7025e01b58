import type { Weights } from '../config/topology.ts';
import type { ServiceView } from './view.ts';

export type Priority = {
  readonly name: string;
  readonly weights: Weights;
  /** False when the header named a priority that does not exist; the default was taken. */
  readonly known: boolean;
};

/** The priority that a request's header asks for; the service's default when it asks for none, or for one unknown. */
export function priorityOf(view: ServiceView, header: string | undefined): Priority {
  const { defaultPriority } = view.service.routing;
  if (header === undefined) return { name: defaultPriority, weights: view.defaultWeights, known: true };
  const name = header.trim().toLowerCase();
  const weights = view.priorities.get(name);
  if (weights === undefined) return { name: defaultPriority, weights: view.defaultWeights, known: false };
  return { name, weights, known: true };
}
