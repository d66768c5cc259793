# The forty conditions of policy40.yaml over one snapshot, and its verdict: what `eval` is timed beside.
def unmet(id; condition): if condition then empty else id end;
def fired(id; condition): if condition then id else empty end;

.metrics as $m | .baselines.baseline as $b
| [
    unmet("c001"; $m.sat_queue < 18.0),
    unmet("c002"; $m.m14 < 20.25),
    unmet("c003"; $m.m21 < 22.875),
    unmet("c004"; $m.m28 < 25.5),
    unmet("c005"; $m.m35 < 28.125),
    unmet("c006"; $m.m42 < 30.75),
    unmet("c007"; $m.m49 < 33.375),
    unmet("c008"; $m.qps < 1800.0),
    unmet("c009"; $m.m13 < 109.875),
    unmet("c011"; $m.m27 < 115.125),
    unmet("c012"; $m.m34 < 117.75),
    unmet("c013"; $m.m41 < 120.375),
    unmet("c014"; $m.m48 < 123.0),
    unmet("c015"; $m.mem_util < 0.9),
    unmet("c016"; $m.m12 <= $b.m12 * 1.25),
    unmet("c017"; $m.m19 <= $b.m19 * 1.25),
    unmet("c018"; $m.m26 <= $b.m26 * 1.25),
    unmet("c019"; $m.m33 <= $b.m33 * 1.25),
    unmet("c021"; $m.m47 <= $b.m47 * 1.25),
    unmet("c022"; $m.cpu_util <= $b.cpu_util * 1.25),
    unmet("c023"; $m.m11 <= $b.m11 * 1.25),
    unmet("c024"; $m.m18 <= $b.m18 * 1.25),
    unmet("c025"; $m.m25 <= $b.m25 * 1.25),
    unmet("c026"; $m.m32 <= $b.m32 * 1.25),
    unmet("c027"; $m.m39 <= $b.m39 * 1.25),
    unmet("c028"; $m.m46 < 73.8 or ($m.m11 < 131.875 and $m.m19 < 129.5)),
    unmet("c029"; $m.latency_p99_ms < 504.0 or ($m.m22 < 63.75 and $m.m32 < 116.0)),
    unmet("c031"; $m.m17 < 53.1 or ($m.m44 < 102.5 and $m.gc_pause_ms < 16.0)),
    unmet("c032"; $m.m24 < 55.2 or ($m.mem_util < 1.5 and $m.m21 < 30.5)),
    unmet("c033"; $m.m31 < 57.3 or ($m.m16 < 85.0 and $m.m34 < 157.0)),
    unmet("c034"; $m.m38 != null and $m.m38 >= 4.95),
    unmet("c035"; $m.m45 != null and $m.m45 >= 5.125),
    unmet("c036"; $m.latency_p95_ms != null and $m.latency_p95_ms >= 18.0),
    unmet("c037"; $m.region | IN("eu-1", "eu-2", "us-1", "us-2")),
    unmet("c038"; $m.deploy.age_s >= 300.0),
    unmet("c039"; $m.deploy.version | startswith("v1."))
  ] as $unmet
| [
    fired("c000"; $m.error_rate < 0.003 | not),
    fired("c010"; $m.m20 < 112.5 | not),
    fired("c020"; $m.m40 <= $b.m40 * 1.25 | not),
    fired("c030"; $m.m10 < 51.0 or ($m.m33 < 170.625 and $m.m45 < 102.5) | not)
  ] as $fired
| {
    verdict: (if $fired != [] then "rollback" elif $unmet != [] then "no-go" else "go" end),
    failed: ($fired + $unmet | sort)
  }
