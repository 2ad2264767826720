#![allow(missing_docs)]
use harness::{Registry, ServerProcess};
use model::statistics::median;
use std::time::{Duration, Instant};
pub(crate) fn run() -> anyhow::Result<()> {
    let pauses: Vec<u64> = std::env::var("PAUSES")
        .unwrap_or("0,20,60,120".into())
        .split(',')
        .map(|p| p.parse().unwrap())
        .collect();
    let n: usize = std::env::var("N").unwrap_or("20".into()).parse()?;
    let mut server = ServerProcess::start()?;
    let cells: Vec<_> = Registry::built_in()
        .prepare(&crate::agreement::spec(1, 1))?
        .into_iter()
        .filter(|c| c.workload == "get")
        .collect();
    let mut runners = Vec::new();
    for c in &cells {
        let mut setup = c.setup.clone();
        setup.server = Some(server.address());
        server.reset(&c.params)?;
        let r =
            Registry::built_in().opener(&c.workload, &c.strategy)?(&c.workload, &c.params, &setup)?;
        r.warm_up()?;
        runners.push(r);
    }
    let mut walls = vec![vec![Vec::new(); pauses.len()]; cells.len()];
    for i in 0..n {
        for (k, c) in cells.iter().enumerate() {
            for (p, pause) in pauses.iter().enumerate() {
                let p = (p + i) % pauses.len();
                let _ = pause;
                for s in 0..4 {
                    let ms = pauses[p] % 1000;
                    if pauses[p] >= 2000 {
                        let t = Instant::now();
                        while t.elapsed() < Duration::from_millis(ms) {
                            for (j, r) in runners.iter().enumerate() {
                                if j != k {
                                    server.reset(&cells[j].params)?;
                                    r.run()?;
                                }
                            }
                        }
                    } else if pauses[p] >= 1000 {
                        let stop = Instant::now() + Duration::from_millis(ms);
                        std::thread::scope(|s| {
                            s.spawn(|| {
                                while Instant::now() < stop {
                                    std::hint::spin_loop()
                                }
                            });
                            while Instant::now() < stop {
                                std::hint::spin_loop()
                            }
                        });
                    } else {
                        std::thread::sleep(Duration::from_millis(ms));
                    }
                    server.reset(&c.params)?;
                    let t = Instant::now();
                    runners[k].run()?;
                    let w = t.elapsed().as_secs_f64() * 1e3;
                    if s > 0 {
                        walls[k][p].push(w);
                    }
                }
            }
        }
    }
    for (k, c) in cells.iter().enumerate() {
        print!("{:12}", c.strategy);
        for p in 0..pauses.len() {
            let mut v = walls[k][p].clone();
            v.sort_by(f64::total_cmp);
            print!(
                "  {}ms: {:.3} (q25 {:.3} min {:.3})",
                pauses[p],
                median(&v).unwrap(),
                v[v.len() / 4],
                v[0]
            );
        }
        println!();
    }
    Ok(())
}
