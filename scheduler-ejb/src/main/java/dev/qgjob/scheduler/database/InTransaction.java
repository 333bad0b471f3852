package dev.qgjob.scheduler.database;

import jakarta.annotation.Resource;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.InvocationContext;
import jakarta.transaction.UserTransaction;

/**
 * Each call of a bean is one {@linkplain Transactions transaction}. The beans manage transactions
 * themselves, through this, since a container's own ends only after the last interceptor and could
 * not be tried again by one.
 */
@SuppressWarnings("NullAway.Init")
public class InTransaction {
  @Resource private UserTransaction transaction;

  @AroundInvoke
  Object call(InvocationContext invocation) throws Exception {
    return new Transactions(transaction).call(invocation::proceed);
  }
}
