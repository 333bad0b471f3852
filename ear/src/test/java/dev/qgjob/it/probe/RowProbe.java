package dev.qgjob.it.probe;

import jakarta.annotation.Resource;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Commits a row to the server's database at POST, and counts them at GET. */
@WebServlet("/*")
public class RowProbe extends HttpServlet {

  private static final long serialVersionUID = 1L;

  @Resource(lookup = "java:jboss/datasources/QgjobDS")
  private transient DataSource database;

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    try (var connection = database.getConnection();
        var statement = connection.createStatement()) {
      statement.execute("create table if not exists row_probe (id varchar(64) primary key)");
      try (var insert = connection.prepareStatement("insert into row_probe (id) values (?)")) {
        insert.setString(1, request.getParameter("id"));
        insert.executeUpdate();
      }
    } catch (SQLException e) {
      throw new IOException(e);
    }
    response.getWriter().print("committed");
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    try (var connection = database.getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("select count(*) from row_probe")) {
      rows.next();
      response.getWriter().print(rows.getInt(1));
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }
}
