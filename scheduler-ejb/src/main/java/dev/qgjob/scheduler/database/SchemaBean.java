package dev.qgjob.scheduler.database;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.Resource;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.PersistenceUnit;
import javax.sql.DataSource;

/** Makes the tables right before anybody uses them; where it cannot, the server does not start. */
@Singleton
@Startup
@TransactionManagement(TransactionManagementType.BEAN)
@SuppressWarnings("NullAway.Init")
public class SchemaBean {
  @Resource(lookup = "java:jboss/datasources/QgjobDS")
  private DataSource source;

  @PersistenceUnit(unitName = "qgjob")
  private EntityManagerFactory factory;

  @PostConstruct
  void start() {
    Schema.migrate(source);
    Schema.validate(factory);
  }
}
