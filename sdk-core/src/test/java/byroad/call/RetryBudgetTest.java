package byroad.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** The token bucket, by the numbers of AWS "retries 2.1": 500 tokens, 14 and 5 a retry. */
class RetryBudgetTest {
    private final RetryBudget budget = RetryBudget.ofCapacity(500);

    @Test
    void aTransientRetryTakesFourteenAndAThrottledOneFive() {
        assertThat(budget.tryWithdraw(RetryBudget.TRANSIENT_COST)).isTrue();
        assertThat(budget.available()).isEqualTo(486);
        assertThat(budget.tryWithdraw(RetryBudget.THROTTLED_COST)).isTrue();
        assertThat(budget.available()).isEqualTo(481);
    }

    @Test
    void aRefundBringsBackWhatTheRetryTook() {
        budget.tryWithdraw(14);
        budget.tryWithdraw(14);
        budget.deposit(14);

        assertThat(budget.available()).isEqualTo(486);
    }

    @Test
    void aFullBudgetTakesNothingBack() {
        budget.deposit(14);
        assertThat(budget.available()).isEqualTo(500);

        budget.tryWithdraw(5);
        budget.deposit(14);
        assertThat(budget).hasToString("500/500 tokens");
    }

    @Test
    void itIsWorthThirtyFiveRetriesAndThenNone() {
        for (int i = 0; i < 35; i++) {
            assertThat(budget.tryWithdraw(14)).as("retry " + i).isTrue();
        }
        assertThat(budget.available()).isEqualTo(10);

        assertThat(budget.tryWithdraw(14)).isFalse();
        assertThat(budget.available()).as("a refusal takes nothing").isEqualTo(10);
        assertThat(budget.tryWithdraw(5)).isTrue();
        assertThat(budget.tryWithdraw(5)).isTrue();
        assertThat(budget).hasToString("0/500 tokens");
    }

    @Test
    void theLastTokenCanBeTaken() {
        RetryBudget small = RetryBudget.ofCapacity(14);

        assertThat(small.tryWithdraw(14)).isTrue();
        assertThat(small.tryWithdraw(1)).isFalse();
    }

    @Test
    void aSmallerCapacityKeepsWhatWasSpentSpent() {
        budget.tryWithdraw(100);
        budget.capacity(90);
        assertThat(budget).hasToString("0/90 tokens");

        budget.capacity(500);
        assertThat(budget).hasToString("400/500 tokens");
    }

    @Test
    void aNegativeCapacityIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RetryBudget.ofCapacity(-1))
                .withMessage("capacity: -1 (expected: >= 0)");
    }

    /** Nobody takes what another took: the sum is exact. */
    @Test
    void manyThreadsTakeNoMoreThanThereIs() throws Exception {
        RetryBudget budget = RetryBudget.ofCapacity(14 * 100_000);
        CountDownLatch go = new CountDownLatch(1);
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Thread thread = new Thread(() -> {
                try {
                    go.await();
                } catch (InterruptedException e) {
                    return;
                }
                for (int j = 0; j < 20_000; j++) {
                    budget.tryWithdraw(14);
                    if (j % 2 == 0) {
                        budget.deposit(14);
                    }
                }
            });
            thread.start();
            all.add(thread);
        }
        go.countDown();
        for (Thread thread : all) {
            thread.join();
        }
        assertThat(budget.available()).isEqualTo(14 * (100_000 - 40_000));
    }

    @Test
    void fewerTokensThanNoneAreRefusedByName() {
        RetryBudget budget = RetryBudget.ofCapacity(14);

        assertThatThrownBy(() -> budget.tryWithdraw(-14)).hasMessage("tokens: -14 (expected: >= 0)");
        assertThatThrownBy(() -> budget.deposit(-1)).hasMessage("tokens: -1 (expected: >= 0)");
        assertThat(budget.available()).isEqualTo(14);
    }

    @Test
    void moreThanThereCanBeAreNeverTaken() {
        RetryBudget budget = RetryBudget.ofCapacity(14);
        budget.tryWithdraw(1);

        assertThat(budget.tryWithdraw(Integer.MAX_VALUE)).isFalse();
    }
}
