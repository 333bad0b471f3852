package dev.qgjob.domain.simulation;

/** What goes wrong, and when. */
final class Weather {
  private final Simulation world;

  Weather(Simulation world) {
    this.world = world;
  }

  /** Draws the faults of this seed. */
  void forecast() {
    for (int i = 0; i < world.plan().faults; i++) {
      world.agenda().at(world.chance().between(100, world.plan().faultsUntil), this::strike);
    }
  }

  private void strike() {
    Chance chance = world.chance();
    long lease = world.plan().lease;
    Host host = chance.oneOf(world.hosts());
    WorkerProcess process = host.process();
    Server server = chance.oneOf(world.servers());
    switch (chance.upTo(14)) {
      case 0, 1 -> {
        disturb();
        if (process != null) {
          process.die("weather", chance.of(0.7), world.restartPause());
        }
      }
      case 2, 3 -> {
        disturb();
        if (process != null) {
          process.freeze(chance.between(lease / 2, lease * 5 / 2));
        }
      }
      case 4 -> {
        disturb();
        if (process != null) {
          process.leave(chance.between(0, lease), world.restartPause());
        }
      }
      case 5 -> world.broker().restart(chance.between(100, lease), true);
      case 6 -> world.broker().restart(chance.between(100, lease), false);
      case 7 -> {
        disturb();
        world.broker().doubtful();
      }
      case 8 -> server.dieIn(Server.Death.BEFORE_COMMIT);
      case 9 -> server.dieIn(Server.Death.AFTER_COMMIT);
      case 10 -> {
        disturb();
        world.trace().say("database", "is away");
        world.database().up(false);
        world
            .agenda()
            .after(
                chance.between(100, lease * 3 / 2),
                () -> {
                  world.trace().say("database", "is back");
                  world.database().up(true);
                  world.referee().served();
                });
      }
      case 11 -> {
        disturb();
        world.trace().say(host.workerId(), "is cut off from the servers");
        host.cutFromServers(chance.between(lease / 4, lease * 2));
      }
      case 12 -> {
        disturb();
        world.trace().say(host.workerId(), "is cut off from the broker");
        host.cutFromBroker(chance.between(lease / 4, lease * 2));
      }
      case 13 -> {
        if (process != null) {
          process.loseNextAnswer();
        }
      }
      default -> {
        disturb();
        if (process != null) {
          host.loseState();
          process.die("weather", true, world.restartPause());
        }
      }
    }
  }

  private void disturb() {
    world.referee().disturbed();
  }
}
