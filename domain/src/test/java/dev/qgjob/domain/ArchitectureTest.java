package dev.qgjob.domain;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;

@AnalyzeClasses(packages = "dev.qgjob.domain", importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {
  @ArchTest
  static final ArchRule decidesWithoutAPlatform =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("dev.qgjob.domain..", "java..", "javax.crypto..", "org.jspecify..")
          .because("decisions must run under simulation, without server, database or broker");

  @ArchTest
  static final ArchRule hasNoClockOfItsOwn =
      noClasses()
          .should()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(Clock.class, "systemUTC")
          .because("leases know one clock, the database's, and tests must be able to tick it");
}
