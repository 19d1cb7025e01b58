/** A provider: the failure domain above a region. */
export type Cloud = 'aws' | 'gcp' | 'azure';

/** The three failure domains, in the fixed order that `failover: [aws, gcp, azure]` names. */
export const CLOUDS: readonly Cloud[] = ['aws', 'gcp', 'azure'];
