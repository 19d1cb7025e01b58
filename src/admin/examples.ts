/** What a right body of each order looks like; said when one is not. */
export const EXAMPLES = {
  chaos:
    'send JSON such as {"name": "slow-gcp", "kind": "latency", "delay": "300ms", "radius": "5%", "for": "2m", "scope": {"cloud": "gcp"}}',
  drain: 'send JSON such as {"cloud": "gcp", "region": "europe-west1", "for": "1h", "reason": "maintenance"}',
  undrain: 'send JSON such as {"cloud": "gcp", "region": "europe-west1"}, as it was drained',
  weight: 'send JSON such as {"cloud": "gcp", "weight": 0.1, "reason": "a new version"}; 1 lifts it',
  capacity:
    'send JSON such as {"endpoint": "shop/gcp/europe-west1/10.1.0.1:8080", "capacity": 200, "reason": "half of the machines"}; "configured" lifts it',
} as const;
