package dev.qgjob.scheduler;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import jakarta.persistence.Entity;

@AnalyzeClasses(packages = "dev.qgjob", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
  @ArchTest
  static final ArchRule BEANS_DO_NOT_SEE_THE_API =
      noClasses()
          .that()
          .resideInAPackage("dev.qgjob.scheduler..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.qgjob.api..", "dev.qgjob.worker..", "dev.qgjob.cli..", "dev.qgjob.client..")
          .because("the API calls inbound ports, and nothing calls the API from inside");

  @ArchTest
  static final ArchRule THE_DOMAIN_KNOWS_NO_PLATFORM =
      noClasses()
          .that()
          .resideInAPackage("dev.qgjob.domain..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("jakarta..", "org.hibernate..", "java.sql..", "javax.sql..")
          .because("what is decided must be testable without what carries it out");

  @ArchTest
  static final ArchRule ROWS_STAY_IN_THEIR_ROOM =
      classes()
          .that()
          .areAnnotatedWith(Entity.class)
          .should()
          .bePackagePrivate()
          .because("the rooms beside see the domain's values, never a row");
}
