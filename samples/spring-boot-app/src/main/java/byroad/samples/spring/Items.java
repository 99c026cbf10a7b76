package byroad.samples.spring;

import org.springframework.web.service.annotation.GetExchange;

/** The service, as an HTTP interface. */
interface Items {
    @GetExchange("/v1/items")
    String items();
}
