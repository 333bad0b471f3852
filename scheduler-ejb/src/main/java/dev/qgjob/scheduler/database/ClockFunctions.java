package dev.qgjob.scheduler.database;

import org.hibernate.boot.model.FunctionContributions;
import org.hibernate.boot.model.FunctionContributor;
import org.hibernate.query.sqm.function.SqmFunctionRegistry;
import org.hibernate.type.BasicType;
import org.hibernate.type.StandardBasicTypes;

/**
 * Teaches Hibernate's query language the database's clock: {@code database_time()}, and {@code
 * database_time_after(microseconds)}. Hibernate finds it as a service.
 */
public class ClockFunctions implements FunctionContributor {
  @Override
  public void contributeFunctions(FunctionContributions functions) {
    String now = DatabaseClock.of(functions.getDialect()).sql();
    SqmFunctionRegistry registry = functions.getFunctionRegistry();
    BasicType<?> instant =
        functions.getTypeConfiguration().getBasicTypeRegistry().resolve(StandardBasicTypes.INSTANT);
    registry
        .patternDescriptorBuilder("database_time", now)
        .setInvariantType(instant)
        .setExactArgumentCount(0)
        .register();
    registry
        .patternDescriptorBuilder(
            "database_time_after", "timestampadd(microsecond, ?1, " + now + ")")
        .setInvariantType(instant)
        .setExactArgumentCount(1)
        .register();
  }
}
